//! What can have happened, one word each, and the writing of it into the audit chain in the
//! transaction of the deed.

use crate::base::id::PersonId;
use crate::base::word::words;
use crate::crypto::keyring::Purpose;
use crate::domain::fault::Fault;
use crate::domain::site::{Call, Deed};
use crate::domain::vault::{self, place};
use crate::store::Tx;
use crate::store::audit::{self, Entry};

words! {
    /// A deed.
    Act {
        /// A person was added.
        PersonAdd => "person.add",
        /// What is said of a person was changed.
        PersonChange => "person.change",
        /// People were imported from a table: how many of which.
        PeopleImport => "people.import",
        /// An import was taken back as a whole.
        PeopleImportUndo => "people.import_undo",
        /// A person was erased.
        PersonErase => "person.erase",
        /// A copy of a person's data was made.
        PersonExport => "person.export",
        /// Another entry of a person was merged into this one.
        PersonMerge => "person.merge",
        /// A person may not take part any more.
        PersonDisable => "person.disable",
        /// A person may take part again.
        PersonEnable => "person.enable",
        /// A role was given.
        RoleGive => "role.give",
        /// A login was made or changed.
        LoginSet => "login.set",
        /// Somebody registered on a surface.
        LoginRegister => "login.register",
        /// An access token was given for a password.
        TokenGive => "token.give",
        /// Somebody asked for a link by mail, for a name that there may be or not.
        LoginForgotten => "login.forgotten",
        /// A link was made by which a person sets the password.
        LoginLink => "login.link",
        /// Somebody signed in.
        SessionOpen => "session.open",
        /// A refresh token came a second time: its session was ended.
        RefreshReuse => "session.token_reused",
        /// A session was ended.
        SessionEnd => "session.end",
        /// All sessions of a person were ended.
        SessionEndAll => "session.end_all",
        /// A person turned the second factor on.
        FactorOn => "factor.on",
        /// A person's second factor was turned off.
        FactorOff => "factor.off",
        /// New recovery codes were made.
        FactorCodes => "factor.codes",
        /// Somebody signed in with a recovery code.
        FactorRecover => "factor.recover",
        /// A code for the first administrator was made.
        SetupCode => "setup.code",
        /// A wrong setup code was entered.
        SetupTry => "setup.wrong_code",
        /// The setup code was entered.
        SetupPass => "setup.pass",
        /// The first administrator was made.
        SetupAdministrator => "setup.administrator",
        /// A step of the setup was done.
        SetupStep => "setup.step",
        /// Staff said what the time is.
        ClockSet => "clock.set",
        /// The times of decisions were corrected: how many, and by how much.
        ClockSettle => "clock.settle",
        /// A test mail was sent at once.
        MailTest => "mail.test",
        /// A mail that was given up is tried again.
        MailRetry => "mail.retry",
        /// A key of a program was made: what it may do.
        ApiKeyMake => "api_key.make",
        /// A key of a program got a new text; the old one holds a day longer.
        ApiKeyRotate => "api_key.rotate",
        /// A key of a program was revoked.
        ApiKeyRevoke => "api_key.revoke",
        /// A webhook was made: what it is told.
        WebhookAdd => "webhook.add",
        /// A webhook was switched on or off.
        WebhookSwitch => "webhook.switch",
        /// A webhook was removed.
        WebhookRemove => "webhook.remove",
        /// A webhook was tried.
        WebhookTest => "webhook.test",
        /// A delivery to a webhook is tried again.
        WebhookRetry => "webhook.retry",
        /// A setting was changed.
        SettingChange => "setting.change",
        /// A consent was recorded.
        ConsentGive => "consent.give",
        /// A consent was withdrawn.
        ConsentWithdraw => "consent.withdraw",
        /// A face was enrolled.
        FaceEnrol => "face.enrol",
        /// A face was enrolled although it is like another person's.
        FaceOverride => "face.not_same_person",
        /// A face was removed.
        FaceRemove => "face.remove",
        /// A device was added.
        DeviceAdd => "device.add",
        /// A code was made by which a device may pair itself.
        DeviceOffer => "device.offer",
        /// A device paired itself.
        DevicePair => "device.pair",
        /// A wrong pairing code was entered.
        DeviceTry => "device.wrong_code",
        /// What a device shows and does was changed.
        DeviceOptions => "device.options",
        /// A device was revoked.
        DeviceRevoke => "device.revoke",
        /// An event was made.
        EventCreate => "event.create",
        /// An event was opened.
        EventOpen => "event.open",
        /// An event was closed.
        EventClose => "event.close",
        /// The sample data of the setup was removed.
        SamplesRemove => "samples.remove",
        /// A ticket was issued.
        TicketIssue => "ticket.issue",
        /// A ticket was revoked.
        TicketRevoke => "ticket.revoke",
        /// A ticket was blocked.
        TicketBlock => "ticket.block",
        /// A ticket was unblocked.
        TicketUnblock => "ticket.unblock",
        /// A ticket was settled, or its questions answered, or that was taken back.
        TicketConditions => "ticket.conditions",
        /// The master key was shown for a recovery kit.
        KeyReveal => "key.reveal",
        /// A backup was made and proven.
        BackupCreate => "backup.create",
        /// The store was restored from a backup.
        BackupRestore => "backup.restore",
        /// The box started.
        BoxStart => "box.start",
        /// A root key was made.
        KeyCreate => "key.create",
        /// The root key was taken over under another master key.
        KeyAdopt => "key.adopt",
        /// The master key was changed.
        KeyRotate => "key.rotate",
        /// A version of the privacy notice was published.
        NoticePublish => "notice.publish",
        /// Somebody asked for something under the law on personal data.
        ClaimMake => "claim.make",
        /// What somebody asked for was done or refused.
        ClaimClose => "claim.close",
        /// The audit trail was exported.
        AuditExport => "audit.export",
        /// A check-in was decided.
        CheckIn => "checkin.decide",
        /// A supervisor let somebody in against a rule.
        CheckInOverride => "checkin.override",
        /// A check-in was undone.
        CheckInUndo => "checkin.undo",
    }
}

/// What an audit row tells besides who, when, what and on what.
#[derive(Debug)]
pub enum Detail<'a> {
    /// Nothing.
    None,
    /// Words, numbers and ids: as they are.
    Plain(String),
    /// Something about a person: sealed under the person's key, gone when the person is erased.
    Personal(PersonId, &'a str),
    /// Something sensitive that belongs to no person: sealed under the audit's own key.
    Sealed(&'a str),
}

/// Appends a row to the chain.
///
/// # Errors
/// Those of sealing and writing.
pub fn record(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    act: Act,
    object: String,
    detail: Detail<'_>,
) -> Result<(), Fault> {
    let site = call.site;
    let detail = match detail {
        Detail::None => Vec::new(),
        Detail::Plain(text) => text.into_bytes(),
        Detail::Personal(person, text) => {
            let key = vault::person_key(tx, site, person)?;
            let plain = text.as_bytes();
            vault::seal_value(&key, place::AUDIT, object.as_bytes(), plain, call.entropy)?
        }
        Detail::Sealed(text) => {
            let key = site.keyring.purpose(Purpose::AuditDetail);
            let plain = text.as_bytes();
            vault::seal_value(key, place::AUDIT, object.as_bytes(), plain, call.entropy)?
        }
    };
    let entry = Entry {
        at: call.now.at,
        clock: call.now.clock,
        actor: call.actor.label(),
        origin: format!("{} {}", call.surface, call.request),
        act: act.code().to_owned(),
        object,
        detail,
    };
    audit::append(tx, site.keyring.purpose(Purpose::AuditChain), &entry)?;
    call.deeds.push(Deed {
        act: act.code(),
        object: entry.object,
        session: None,
        outcome: None,
    });
    Ok(())
}
