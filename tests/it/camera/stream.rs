//! Cameras against a server on loopback: whole streams, cut streams, silence, nonsense.

use crate::support::mjpeg::{Act, serve};
use crate::support::{LONG, eventually};
use hadir::host::camera::latest::Taken;
use hadir::host::camera::picture::Content;
use hadir::host::camera::run::{Camera, CameraState};
use hadir::host::camera::{CameraError, Source as _};
use hadir::surface::mjpeg::Mjpeg;
use std::time::Duration;
use tokio::runtime::Runtime;

const SECOND: Duration = Duration::from_secs(1);

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

fn camera(runtime: &Runtime, scripts: Vec<Vec<Act>>) -> Mjpeg {
    let address = serve(scripts);
    Mjpeg::new(
        format!("http://{address}/stream?x=1"),
        runtime.handle().clone(),
    )
}

fn next(camera: &mut Mjpeg) -> Result<Vec<u8>, CameraError> {
    camera.next(20 * SECOND).map(file)
}

fn file(content: Content) -> Vec<u8> {
    match content {
        Content::File(bytes) => bytes,
        Content::Yuyv(raw) => panic!("a stream sends files: {raw:?}"),
    }
}

#[test]
fn pictures_arrive_with_and_without_a_length() {
    let runtime = runtime();
    let script = vec![
        Act::Head,
        Act::Part(vec![1; 70_000], true),
        Act::Part(vec![2; 10], false),
        Act::Part(vec![3; 10], true),
        Act::Hang,
    ];
    let mut camera = camera(&runtime, vec![script]);
    camera.open().expect("open");
    for byte in 1..=3 {
        let picture = next(&mut camera).expect("picture");
        assert_eq!(picture[0], byte);
    }
    assert_eq!(
        camera.next(Duration::from_millis(20)),
        Err(CameraError::Silent)
    );
}

#[test]
fn a_stream_cut_in_the_middle_of_a_picture_yields_no_half_picture() {
    let runtime = runtime();
    let half = b"--cut\r\nContent-Length: 1000\r\n\r\nonly this".to_vec();
    let script = vec![Act::Head, Act::Part(vec![1], true), Act::Raw(half)];
    let mut camera = camera(&runtime, vec![script]);
    camera.open().expect("open");
    assert_eq!(next(&mut camera), Ok(vec![1]));
    assert!(matches!(next(&mut camera), Err(CameraError::Lost(_))));
}

#[test]
fn answers_that_are_no_stream_are_refused() {
    let table: [(&[u8], &str); 4] = [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "404"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhello",
            "multipart/x-mixed-replace",
        ),
        (b"nonsense", ""),
        (b"", ""),
    ];
    let runtime = runtime();
    for (answer, why) in table {
        let mut camera = camera(&runtime, vec![vec![Act::Raw(answer.to_vec())]]);
        match camera.open() {
            Err(CameraError::Lost(text)) => assert!(text.contains(why), "{text}"),
            other => panic!("{other:?}"),
        }
    }
    let mut nowhere = Mjpeg::new("http://127.0.0.1:1/".into(), runtime.handle().clone());
    assert!(matches!(nowhere.open(), Err(CameraError::Lost(_))));
}

#[test]
fn an_endless_picture_ends_the_connection_and_not_the_memory() {
    let runtime = runtime();
    let block = Act::Raw(vec![0; 1024 * 1024]);
    let mut script = vec![Act::Head, Act::Raw(b"--cut\r\n\r\n".to_vec())];
    script.extend(vec![block; 8]);
    let mut camera = camera(&runtime, vec![script]);
    camera.open().expect("open");
    assert_eq!(
        next(&mut camera),
        Err(CameraError::Lost(
            "a picture of the stream is too large".into()
        ))
    );
}

#[test]
fn a_cut_camera_is_opened_again_by_its_thread() {
    let runtime = runtime();
    let cut = vec![Act::Head, Act::Part(vec![1], true)];
    let good = vec![Act::Head, Act::Part(vec![2], true), Act::Hang];
    let camera = camera(&runtime, vec![cut, good]);
    let mut camera = Camera::start("door", Box::new(camera)).expect("start");
    let mut seen = Vec::new();
    eventually(LONG, "a picture of the second connection", || {
        if let Taken::Picture(picture) = camera.latest().take(SECOND) {
            seen.push(file(picture.content)[0]);
        }
        seen.contains(&2)
    });
    assert_eq!(camera.state(), CameraState::On);
    camera.stop();
    assert_eq!(camera.state(), CameraState::Ended);
}

#[test]
fn a_camera_that_says_nothing_for_three_seconds_is_lost() {
    let runtime = runtime();
    let camera = camera(
        &runtime,
        vec![vec![Act::Head, Act::Part(vec![1], true), Act::Hang]],
    );
    let camera = Camera::start("door", Box::new(camera)).expect("start");
    eventually(LONG, "the camera is lost", || {
        matches!(camera.state(), CameraState::Lost(_))
    });
}
