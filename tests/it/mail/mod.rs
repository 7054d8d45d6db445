//! Mails: the conversation with a mail server, the command that tries it.

mod cut;
mod letter;
mod model;
mod setting;
pub mod smtp;
mod test_mail;
mod worker;
