//! Texts, tables, the journal, the camera.

use crate::Outcome;
use std::io::{Read, Write};

pub fn old_password() -> Outcome {
    // Without its feature `std` this crate's error is no `std::error::Error`.
    let hash = bcrypt::hash("kata sandi", 4).map_err(|error| error.to_string())?;
    match bcrypt::verify("kata sandi", &hash).map_err(|error| error.to_string())? {
        true => Ok(hash.chars().take(7).collect()),
        false => Err("the hash does not verify".into()),
    }
}

#[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
struct Site {
    name: String,
    zone: String,
}

pub fn texts() -> Outcome {
    let site: Site = toml::from_str("name = \"Aula\"\nzone = \"Asia/Jakarta\"")?;
    let json = serde_json::to_string(&site)?;
    let zone = jiff::tz::TimeZone::get(&site.zone)?;
    let at = jiff::Timestamp::from_second(1_763_683_200)?;
    match serde_json::from_str::<Site>(&json)? == site {
        true => Ok(zone.to_datetime(at).to_string()),
        false => Err(json.into()),
    }
}

pub fn table() -> Outcome {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(["name", "note"])?;
    rows.write_record(["Siti", "a \"quoted\", word"])?;
    let plain = rows.into_inner()?;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&plain)?;
    let packed = packer.finish()?;
    let mut again = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut again)?;
    let mut reader = csv::Reader::from_reader(again.as_slice());
    match reader.records().next() {
        Some(row) => Ok(row?.get(1).unwrap_or_default().to_owned()),
        None => Err("no row came back".into()),
    }
}

pub fn workbook() -> Outcome {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Hadir")?;
    sheet.write(1, 0, 42)?;
    Ok(format!("{} bytes", book.save_to_buffer()?.len()))
}

pub fn journal() -> Outcome {
    use tracing_subscriber::layer::SubscriberExt;
    let filter = tracing_subscriber::EnvFilter::new("info");
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(std::io::sink);
    let subscriber = tracing_subscriber::registry().with(filter).with(layer);
    tracing::subscriber::with_default(subscriber, || tracing::info!(field = 1, "a line"));
    // A machine without a journal is no failure here: the code is linked.
    let found = match systemd_journal_logger::JournalLog::new() {
        Ok(journal) => journal.install().is_ok(),
        Err(_) => false,
    };
    log::info!("a line");
    Ok(format!("journal found: {found}"))
}

pub fn camera() -> Outcome {
    let mut cameras = 0;
    for device in linuxvideo::list()? {
        let Ok(device) = device else { continue };
        let format =
            linuxvideo::format::PixFormat::new(640, 480, linuxvideo::format::PixelFormat::MJPG);
        if let Ok(capture) = device.video_capture(format)
            && let Ok(mut stream) = capture.into_stream()
        {
            stream.dequeue(|_| Ok(()))?;
        }
        cameras += 1;
    }
    let up = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    if up.tv_sec < 1 {
        return Err("the box has only just been started".into());
    }
    let free = rustix::fs::statvfs("/")?;
    Ok(format!(
        "{cameras} cameras, {} bytes free",
        free.f_bavail * free.f_frsize
    ))
}

#[derive(schemars::JsonSchema)]
struct Shape {
    #[allow(dead_code, reason = "only its schema is looked at")]
    name: String,
}

pub fn page() -> Outcome {
    let text = maud::html! { p { "<" } }.into_string();
    let schema = serde_json::to_value(schemars::schema_for!(Shape))?;
    let kind = schema["properties"]["name"]["type"].as_str();
    if text != "<p>&lt;</p>" || kind != Some("string") {
        return Err("a page or a schema has another form".into());
    }
    Ok(text)
}
