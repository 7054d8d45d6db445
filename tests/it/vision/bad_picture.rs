//! Bad input gets a typed error with its reason, through the decoder and through the engine, and
//! never costs memory in proportion to what it claims.

use super::fixture;
use hadir::base::limits;
use hadir::vision::frame::{Frame, FrameError};
use hadir::vision::worker::{Engine, EngineError, SourceId, Want};
use proptest::prelude::*;

/// A PNG chunk with its checksum (CRC-32, polynomial EDB88320).
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(data);
    let mut crc = u32::MAX;
    for byte in &bytes[4..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    bytes.extend((!crc).to_be_bytes());
    bytes
}

/// A complete PNG of this claimed size whose pixel data is one empty deflate block.
fn png(width: u32, height: u32, bits: u8, more: &[u8]) -> Vec<u8> {
    let mut head = width.to_be_bytes().to_vec();
    head.extend(height.to_be_bytes());
    head.extend([bits, 2, 0, 0, 0]);
    let empty = [0x78, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
    let parts = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &head),
        more.to_vec(),
        chunk(b"IDAT", &empty),
        chunk(b"IEND", &[]),
    ];
    parts.concat()
}

/// A reference JPEG whose frame header claims something else.
fn altered_jpeg(offset: usize, with: &[u8]) -> Vec<u8> {
    let mut bytes = fixture::file("p1_q20.jpg");
    let frame = bytes
        .windows(2)
        .position(|w| w == [0xFF, 0xC0])
        .expect("a baseline frame");
    bytes[frame + offset..frame + offset + with.len()].copy_from_slice(with);
    bytes
}

fn moving_webp() -> Vec<u8> {
    let mut bytes = b"RIFF\x3a\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x0f\0\0\x0f\0\0".to_vec();
    bytes.extend(b"ANIM\x06\0\0\0\0\0\0\0\0\0");
    bytes.extend([0; 30]);
    bytes
}

fn cut(name: &str, part: usize) -> Vec<u8> {
    let bytes = fixture::file(name);
    bytes[..bytes.len() * part / 10].to_vec()
}

fn table() -> Vec<(&'static str, Vec<u8>, FrameError)> {
    let claim = |width, height| FrameError::TooManyPixels { width, height };
    let size = [60_000u16.to_be_bytes(), 60_000u16.to_be_bytes()].concat();
    vec![
        ("0 bytes", Vec::new(), FrameError::Empty),
        (
            "text",
            b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            FrameError::NotAnImage,
        ),
        ("zeros", vec![0; 4096], FrameError::NotAnImage),
        (
            "a gif",
            b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(),
            FrameError::Unsupported("GIF"),
        ),
        (
            "a bitmap",
            b"BM\x46\0\0\0".to_vec(),
            FrameError::Unsupported("BMP"),
        ),
        (
            "half a JPEG",
            cut("single_640x480.jpg", 5),
            FrameError::Truncated,
        ),
        (
            "most of a JPEG",
            cut("p1_mirror.jpg", 9),
            FrameError::Truncated,
        ),
        ("half a PNG", cut("p1_a.png", 5), FrameError::Truncated),
        (
            "a claiming PNG",
            png(60_000, 60_000, 8, &[]),
            claim(60_000, 60_000),
        ),
        ("a long PNG", png(1, u32::MAX, 8, &[]), claim(1, u32::MAX)),
        (
            "a claiming JPEG",
            altered_jpeg(5, &size),
            claim(60_000, 60_000),
        ),
        ("a CMYK JPEG", altered_jpeg(9, &[4]), FrameError::Cmyk),
        (
            "a 12-bit JPEG",
            altered_jpeg(4, &[12]),
            FrameError::SixteenBit,
        ),
        ("a 16-bit PNG", png(16, 16, 16, &[]), FrameError::SixteenBit),
        (
            "a moving PNG",
            png(16, 16, 8, &chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])),
            FrameError::Animated,
        ),
        ("a moving WebP", moving_webp(), FrameError::Animated),
        ("no pixels", png(16, 16, 8, &[]), FrameError::Truncated),
        ("a size of zero", png(0, 16, 8, &[]), FrameError::NotAnImage),
    ]
}

#[test]
fn each_bad_picture_has_its_typed_reason() {
    for (name, bytes, want) in table() {
        let got = Frame::decode(&bytes);
        let same = got.as_ref().err() == Some(&want);
        // Data that ends early inside a whole file may be called either.
        let either = name == "no pixels" && matches!(got, Err(FrameError::Corrupt(_)));
        assert!(same || either, "{name}: {got:?}");
        let text = want.to_string();
        assert!(
            text.contains("picture") || text.contains("JPEG"),
            "{name}: {text}"
        );
    }
    let codes: std::collections::BTreeSet<_> = table().iter().map(|t| t.2.code()).collect();
    assert_eq!(codes.len(), 8, "{codes:?}");
}

#[test]
fn a_hundred_megabytes_are_refused_unread() {
    let mut bytes = fixture::file("p1_q20.jpg");
    bytes.resize(100 * 1024 * 1024, 0);
    let want = FrameError::TooManyBytes {
        bytes: bytes.len(),
        bytes_max: limits::IMAGE_BYTES_MAX,
    };
    assert_eq!(Frame::decode(&bytes), Err(want));
}

/// The most memory this process ever had resident, in bytes (Linux).
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux system");
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM:"))
        .expect("a peak");
    let kib = line.split_whitespace().nth(1).expect("a number");
    kib.parse::<u64>().expect("a number") * 1024
}

const ALONE: &str = "HADIR_TEST_ALONE";

/// Runs in a process of its own, because the peak is that of the whole process.
#[test]
fn thousands_of_bad_pictures_grow_nothing() {
    if std::env::var_os(ALONE).is_none() {
        let name = "vision::bad_picture::thousands_of_bad_pictures_grow_nothing";
        let program = std::env::current_exe().expect("this program");
        let child = std::process::Command::new(program)
            .args(["--exact", name, "--test-threads=1"])
            .env(ALONE, "1")
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success() && said.contains("1 passed"),
            "{said}"
        );
        return;
    }
    let bad = table();
    let round = || {
        for (name, bytes, _) in &bad {
            assert!(Frame::decode(bytes).is_err(), "{name}");
        }
    };
    round();
    let before = peak_bytes();
    for _ in 0..1000 {
        round();
    }
    // A single believed claim of 60,000 x 60,000 pixels would be 10 GB.
    let grown = peak_bytes() - before;
    assert!(grown < 8 * 1024 * 1024, "grew by {grown} bytes");
}

#[test]
fn the_engine_passes_the_reason_on_and_lives() {
    let models = fixture::models().clone();
    let engine = Engine::start(Ok(models), 1).expect("a thread starts");
    for (name, bytes, want) in table() {
        let answer = engine
            .analyse(SourceId::fresh(), bytes, Want::door())
            .wait();
        match answer {
            Err(EngineError::Frame(got)) => {
                assert!(got == want || name == "no pixels", "{name}: {got:?}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    let good = engine.analyse(SourceId::fresh(), fixture::file("p1_a.png"), Want::door());
    assert_eq!(good.wait().expect("a good picture").faces.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Flipped and cut bytes of real files: any answer but a panic. Fails on the first panic.
    #[test]
    fn damaged_files_never_panic(
        name in prop::sample::select(vec!["p1_q20.jpg", "p4_small.jpg", "p4_a.png"]),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        keep in 1usize..=16,
    ) {
        let mut bytes = fixture::file(name);
        for (at, value) in flips {
            let at = at.index(bytes.len().min(4096));
            bytes[at] = value;
        }
        bytes.truncate(bytes.len() * keep / 16);
        let _ = Frame::decode(&bytes);
    }
}
