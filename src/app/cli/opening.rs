//! What a backup is opened with, as it is typed: a passphrase, or the key on a recovery kit.

use crate::app::error::Failure;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::crypto::backup::Opener;
use crate::surface::backup::kit;
use clap::Args;
use std::io::{BufRead as _, Read as _};

/// What a backup is opened with.
#[derive(Debug, Clone, Args)]
pub struct Opening {
    /// The first line of the standard input is the passphrase
    #[arg(long, conflicts_with = "kit_stdin")]
    passphrase_stdin: bool,
    /// The first line of the standard input is the key on the recovery kit
    #[arg(long)]
    kit_stdin: bool,
}

impl Opening {
    /// Whether something was named.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.passphrase_stdin || self.kit_stdin
    }

    /// What was typed, else `own`.
    ///
    /// # Errors
    /// [`Failure::Failed`] for a key that was mistyped.
    pub fn openers(&self, own: impl FnOnce() -> Vec<Opener>) -> Result<Vec<Opener>, Failure> {
        Ok(match (self.passphrase_stdin, self.kit_stdin) {
            (true, _) => vec![Opener::Passphrase(typed()?)],
            (false, true) => vec![kit(&typed()?).map_err(Failure::of)?],
            (false, false) => own(),
        })
    }
}

/// The first line of the standard input, without its end.
///
/// # Errors
/// [`Failure::Failed`] if it cannot be read or is empty.
pub fn typed() -> Result<Secret<String>, Failure> {
    let mut line = String::new();
    // One more byte than a passphrase may have, so that a longer one is seen and refused.
    let most = u64::try_from(limits::PASSWORD_BYTES_MAX).unwrap_or(u64::MAX) + 3;
    let read = std::io::stdin().lock().take(most).read_line(&mut line);
    read.map_err(|e| Failure::of(format!("the standard input: {e}")))?;
    let typed = Secret::new(line.trim_end_matches(['\r', '\n']).to_owned());
    drop(Secret::new(line));
    match typed.expose().is_empty() {
        true => Err(Failure::of("the standard input is empty")),
        false => Ok(typed),
    }
}
