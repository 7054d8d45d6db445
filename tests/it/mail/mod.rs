//! Mails: the conversation with a mail server, the command that tries it.

mod smtp;
mod test_mail;
mod worker;
