//! hadir's own chain agrees with OpenCV's and onnxruntime's on every reference picture, and the
//! comparison notices when it does not.

use super::fixture::{self, KnownFace, Measured, Tolerance};
use hadir::vision::align::{self, Crop};
use hadir::vision::embed::{self, Embedding};
use hadir::vision::frame::Frame;
use std::collections::BTreeMap;

/// Every field in which a face differs from its reference by more than allowed.
fn differences(known: &KnownFace, got: &Measured, allowed: &Tolerance) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |what: &str, off: f32, limit: f32| {
        if off.is_nan() || off > limit {
            found.push(format!("{what} is off by {off}, allowed {limit}"));
        }
    };
    let furthest = |a: &[f32], b: &[f32]| {
        let pairs = a.iter().zip(b);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    let flat = |points: &[[f32; 2]; 5]| points.as_flattened().to_vec();
    let face = &got.face;
    check("box", furthest(&known.bbox, &face.bbox), allowed.box_px);
    let landmarks = furthest(&flat(&known.landmarks), &flat(&face.landmarks));
    check("landmarks", landmarks, allowed.landmark_px);
    check("score", (known.score - face.score).abs(), allowed.score);
    check("yaw", (known.yaw - face.yaw()).abs(), allowed.yaw);
    // The landmarks may be off by their tolerance at both eyes, in opposite directions.
    let eyes = known.bbox[2] * 0.4;
    let roll = (2.0 * allowed.landmark_px / eyes).to_degrees();
    check("roll", (known.roll_deg - face.roll_deg()).abs(), roll);
    check(
        "eyes",
        furthest(&known.eye_opening, &got.openings),
        allowed.eye_opening,
    );
    let blocks = fixture::blocks(&got.crop);
    let pairs = blocks.iter().zip(&known.crop_rgb_8x8);
    let mean = pairs.map(|(a, b)| (a - b).abs()).sum::<f32>() / blocks.len() as f32;
    check("crop", mean, allowed.crop_mean_abs);
    let grey = (known.quality.luma_mean - got.texture.mean).abs();
    check("grey", grey, allowed.crop_mean_abs);
    let sharp = got.texture.laplacian_variance / known.quality.laplacian_var;
    check("sharpness", (sharp - 1.0).abs(), 0.1);
    let expected = Embedding::from_slice(&known.embedding).expect("a direction");
    let cosine = expected.dot(&got.embedding);
    check("embedding", 1.0 - cosine, 1.0 - allowed.embedding_cos_min);
    found
}

#[test]
fn every_picture_agrees_with_the_reference() {
    let mut faces = 0;
    for image in &fixture::reference().images {
        let frame = fixture::picture(&image.file);
        assert_eq!((frame.width(), frame.height()), (image.width, image.height));
        let measured = fixture::measure(&frame);
        assert_eq!(measured.len(), image.faces.len(), "{}", image.file);
        for (known, got) in image.faces.iter().zip(&measured) {
            let found = differences(known, got, fixture::reference().tolerance(&image.file));
            assert!(found.is_empty(), "{}: {found:?}", image.file);
            faces += 1;
        }
    }
    assert_eq!(faces, 19, "every face was compared");
}

fn embeddings() -> BTreeMap<String, Embedding> {
    let mut all = BTreeMap::new();
    for image in &fixture::reference().images {
        for (i, one) in fixture::measure(&fixture::picture(&image.file))
            .into_iter()
            .enumerate()
        {
            all.insert(format!("{}#{i}", image.file), one.embedding);
        }
    }
    all
}

#[test]
fn every_pair_is_as_near_as_in_the_reference_and_decided_the_same() {
    let (reference, embeddings) = (fixture::reference(), embeddings());
    let count = embeddings.len();
    assert_eq!(reference.pair_cosines.len(), count * (count - 1) / 2);
    for (pair, known) in &reference.pair_cosines {
        let (a, b) = pair.split_once(' ').expect("two names");
        let cosine = embeddings[a].dot(&embeddings[b]);
        let lossless = a.contains(".png") && b.contains(".png");
        let name = if lossless { "a.png" } else { "a.jpg" };
        let allowed = reference.tolerance(name).pair_cosine;
        assert!(
            (cosine - known).abs() <= allowed,
            "{pair}: {cosine}, reference {known}"
        );
        for threshold in [0.30, 0.363, 0.40, 0.45, 0.50, 0.55] {
            assert_eq!(
                cosine >= threshold,
                *known >= threshold,
                "{pair} at {threshold}"
            );
        }
    }
}

fn known(file: &str) -> (&'static KnownFace, &'static Tolerance) {
    let reference = fixture::reference();
    let image = reference
        .images
        .iter()
        .find(|i| i.file == file)
        .expect("a known file");
    (&image.faces[0], reference.tolerance(file))
}

fn swapped(rgb: &[u8]) -> Vec<u8> {
    rgb.chunks_exact(3)
        .flat_map(|p| [p[2], p[1], p[0]])
        .collect()
}

#[test]
fn the_comparison_notices_a_wrong_channel_order() {
    for file in ["p1_a.png", "p3_b.png", "single_640x480.jpg"] {
        let (known, allowed) = known(file);
        let frame = fixture::picture(file);
        // In the whole chain.
        let other = Frame::from_rgb(frame.width(), frame.height(), swapped(frame.rgb()));
        let got = fixture::measure(&other.expect("the same shape")).remove(0);
        let found = differences(known, &got, allowed);
        assert!(
            found.iter().any(|d| d.starts_with("crop")),
            "{file}: {found:?}"
        );
        assert!(
            found.iter().any(|d| d.starts_with("embedding")),
            "{file}: {found:?}"
        );
        // In the embedder's input alone.
        let mut got = fixture::measure(&frame).remove(0);
        let crop = Crop::from_rgb(swapped(got.crop.rgb())).expect("the same size");
        got.embedding = embed::embed(fixture::models(), &crop).expect("runs");
        let found = differences(known, &got, allowed);
        assert_eq!(found.len(), 1, "{file}: {found:?}");
        assert!(found[0].starts_with("embedding"), "{file}: {found:?}");
    }
}

#[test]
fn the_comparison_notices_a_crop_that_is_three_pixels_off() {
    for file in ["p1_a.png", "p2_a.png", "p3_b.png"] {
        let (known, allowed) = known(file);
        let frame = fixture::picture(file);
        for (dx, dy) in [(3i32, 0i32), (-3, 0), (0, 3), (0, -3)] {
            let mut got = fixture::measure(&frame).remove(0);
            let placed = align::placement(&got.face.landmarks).expect("distinct");
            let step = [
                dx as f32 * placed.column[0] + dy as f32 * placed.row[0],
                dx as f32 * placed.column[1] + dy as f32 * placed.row[1],
            ];
            let moved = got.face.landmarks.map(|[x, y]| [x + step[0], y + step[1]]);
            got.crop = align::align(&frame, &moved).expect("distinct");
            got.embedding = embed::embed(fixture::models(), &got.crop).expect("runs");
            let found = differences(known, &got, allowed);
            assert!(
                found.iter().any(|d| d.starts_with("crop")),
                "{file}: {found:?}"
            );
            assert!(
                found.iter().any(|d| d.starts_with("embedding")),
                "{file}: {found:?}"
            );
        }
    }
}
