//! `hadir completions SHELL`.

use crate::app::error::Failure;
use clap::Args;
use clap_complete::Shell;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
///
/// # Errors
/// None.
pub fn run(args: &Completions, command: &mut clap::Command) -> Result<(), Failure> {
    clap_complete::generate(args.shell, command, "hadir", &mut std::io::stdout().lock());
    Ok(())
}
