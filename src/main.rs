//! The program: hands its arguments to the library and ends with the status it returns.

fn main() -> std::process::ExitCode {
    hadir::app::cli::run(std::env::args_os())
}
