//! The trial: uses every crate that hadir stands on, or will stand on, once; runs one
//! inference; prints what it did and its peak memory. Exit 0 only if all of it worked.
//!
//! usage: spike FOLDER, which holds face_recognition_sface_2021dec.onnx

mod face;
mod network;
mod office;
mod store;

use std::error::Error;

/// What each trial answers.
type Outcome = Result<String, Box<dyn Error>>;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(clap::Parser)]
struct Arguments {
    /// Where the models lie.
    models: std::path::PathBuf,
}

fn main() -> std::process::ExitCode {
    use clap::{CommandFactory, Parser};
    let arguments = Arguments::parse();
    let completions = || -> Outcome {
        let mut text = Vec::new();
        let shell = clap_complete::Shell::Bash;
        clap_complete::generate(shell, &mut Arguments::command(), "spike", &mut text);
        Ok(format!("{} bytes", text.len()))
    };
    let trials: [(&str, &dyn Fn() -> Outcome); 17] = [
        ("panics are caught", &panics),
        ("clap_complete", &completions),
        ("rusqlite", &store::database),
        ("aes-gcm, ring, zeroize", &store::sealing),
        ("argon2", &store::password),
        ("bcrypt", &office::old_password),
        ("serde, serde_json, toml, jiff", &office::texts),
        ("csv, flate2", &office::table),
        ("maud, schemars", &office::page),
        ("rust_xlsxwriter", &office::workbook),
        ("tracing, log, systemd-journal-logger", &office::journal),
        ("rustix, linuxvideo", &office::camera),
        ("tokio, hyper, http, bytes", &network::http),
        ("tokio-rustls, rcgen", &network::tls),
        ("listenfd", &network::handed_over),
        ("lettre, mdns-sd", &network::mail_and_names),
        ("image, qrcode, rqrr", &face::code),
    ];
    let inference = || face::inference(&arguments.models);
    let mut good = true;
    for (name, trial) in trials
        .into_iter()
        .chain([("tract-onnx", &inference as &dyn Fn() -> Outcome)])
    {
        match trial() {
            Ok(text) => println!("ok    {name}: {text}"),
            Err(e) => {
                println!("FAIL  {name}: {e}");
                good = false;
            }
        }
    }
    match good {
        true => std::process::ExitCode::SUCCESS,
        false => std::process::ExitCode::FAILURE,
    }
}

/// Unwinding needs the glue of `cross/unwind-glue.c`.
fn panics() -> Outcome {
    std::panic::set_hook(Box::new(|_| {}));
    let here = std::panic::catch_unwind(|| panic!("on purpose"));
    let there = std::thread::spawn(|| panic!("on purpose")).join();
    let _ = std::panic::take_hook();
    match (here, there) {
        (Err(_), Err(_)) => Ok("here and in a thread".to_owned()),
        _ => Err("a panic was lost".into()),
    }
}
