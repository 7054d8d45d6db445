//! The program: hands its arguments to the library and ends with the status it returns.

/// musl's own allocator gives each large tensor back to the kernel and gets it again page by
/// page: `docs/dependencies.md` has the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    hadir::app::cli::run(std::env::args_os())
}
