//! Strangers stay strangers: over many altered pictures nobody comes near another person, and the
//! same person stays near. This proves the wiring; the rate was measured on LFW (`docs/face.md`).

use super::fixture;
use hadir::base::id::{Id, PersonId};
use hadir::base::time::Timestamp;
use hadir::vision::edit;
use hadir::vision::embed::Embedding;
use hadir::vision::frame::Frame;
use hadir::vision::gallery::Gallery;
use std::sync::OnceLock;

/// The lowest threshold of the table of thresholds for searches.
const THRESHOLD: f32 = 0.45;

fn altered(frame: &Frame) -> Vec<Frame> {
    let (width, height) = (frame.width(), frame.height());
    let part = |share: f32| (width as f32 * share) as u32;
    let cut = |x: f32, y: f32, share: f32| {
        edit::crop(
            frame,
            part(x) as i32,
            part(y) as i32,
            part(share),
            part(share),
        )
    };
    let small = |share: f32| edit::scale(frame, part(share), (height as f32 * share) as u32);
    let edits = vec![
        edit::mirror(frame),
        cut(0.05, 0.02, 0.9),
        cut(0.10, 0.05, 0.85),
        edit::rotate(frame, 8.0),
        edit::rotate(frame, -12.0),
        edit::brighten(frame, 0.5),
        edit::brighten(frame, 1.3),
        small(0.75),
        small(0.5),
        edit::blur(frame, 1.5),
    ];
    edits
        .into_iter()
        .map(|e| e.expect("a valid edit"))
        .collect()
}

/// Per person the embeddings of all pictures and their variants.
fn people() -> &'static Vec<(char, Vec<Embedding>)> {
    static PEOPLE: OnceLock<Vec<(char, Vec<Embedding>)>> = OnceLock::new();
    PEOPLE.get_or_init(|| {
        let files = [
            ('1', vec!["p1_a.png"]),
            ('2', vec!["p2_a.png"]),
            ('3', vec!["p3_a.png", "p3_b.png", "p3_c.png"]),
            ('4', vec!["p4_a.png"]),
        ];
        let one = |(who, files): (char, Vec<&str>)| {
            let frames = files.iter().map(|f| fixture::picture(f));
            let all = frames.flat_map(|f| {
                let mut variants = altered(&f);
                variants.push(f);
                variants
            });
            // A variant in which no face is found admits nobody, so it may be left out.
            let found = all.filter_map(|f| fixture::measure(&f).into_iter().next());
            (who, found.map(|m| m.embedding).collect())
        };
        files.into_iter().map(one).collect()
    })
}

fn id(who: char) -> PersonId {
    PersonId::from_parts(Timestamp::from_millis(1), [who as u8; 10])
}

#[test]
fn no_altered_pair_of_strangers_comes_near_the_threshold() {
    let (mut pairs, mut nearest) = (0, -1f32);
    for (a, of_a) in people() {
        for (b, of_b) in people() {
            for (x, y) in of_a.iter().flat_map(|x| of_b.iter().map(move |y| (x, y))) {
                if a < b {
                    nearest = nearest.max(x.dot(y));
                    pairs += 1;
                }
            }
        }
    }
    println!("{pairs} pairs of strangers, nearest {nearest:.3}");
    assert!(pairs >= 1000, "{pairs} pairs");
    assert!(nearest < THRESHOLD - 0.05, "nearest {nearest}");
}

#[test]
fn a_search_among_the_others_finds_nobody() {
    for (stranger, probes) in people() {
        let mut gallery = Gallery::new(fixture::models().embedder_hash());
        for (who, embeddings) in people().iter().filter(|p| p.0 != *stranger) {
            let template = Embedding::mean(embeddings).expect("a template");
            gallery.insert(id(*who), &template).expect("room");
        }
        for probe in probes {
            let (_, cosine) = gallery.search(probe).best.expect("the gallery has people");
            assert!(cosine < THRESHOLD, "p{stranger}: {cosine}");
        }
    }
}

#[test]
fn the_same_person_is_found_with_a_margin() {
    let mut gallery = Gallery::new(fixture::models().embedder_hash());
    for (who, embeddings) in people() {
        let template = Embedding::mean(&embeddings[..3]).expect("a template");
        gallery.insert(id(*who), &template).expect("room");
    }
    for (who, probes) in people() {
        let near = probes.iter().filter(|probe| {
            let found = gallery.search(probe);
            let (best, cosine) = found.best.expect("people");
            let (_, second) = found.second.expect("others");
            best == id(*who) && cosine >= THRESHOLD && cosine - second >= 0.08
        });
        let share = near.count() as f32 / probes.len() as f32;
        assert!(share > 0.95, "p{who}: {share}");
    }
}

#[test]
fn one_person_enrolled_as_two_has_no_margin() {
    let alone = |file: &str| fixture::embedding(&fixture::picture(file));
    let mut gallery = Gallery::new(fixture::models().embedder_hash());
    gallery.insert(id('a'), &alone("p3_a.png")).expect("room");
    gallery.insert(id('b'), &alone("p3_b.png")).expect("room");
    let found = gallery.search(&alone("p3_c.png"));
    let (best, second) = (found.best.expect("two").1, found.second.expect("two").1);
    assert!(second > 0.7 && best - second < 0.08, "{best}, {second}");
}
