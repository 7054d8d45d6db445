//! Which of the pictures that a device offers is taken: near 640x480, at least ten a second,
//! compressed rather than raw. Pure.

/// The width that faces at the door need (`docs/kiosk.md`).
const WIDTH: u32 = 640;
/// The height that goes with it.
const HEIGHT: u32 = 480;
/// Pictures a second, least: below, blinking cannot be asked for.
const RATE_MIN: f64 = 10.0;
/// Pictures a second that are asked for where the device lets one choose: more would be dropped.
const RATE_WANTED: f64 = 15.0;

/// How the pictures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coding {
    /// A JPEG each.
    Jpeg,
    /// Raw pixels, two in four bytes.
    Yuyv,
}

impl Coding {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "MJPEG",
            Self::Yuyv => "YUYV",
        }
    }
}

/// Time between two pictures: so many (first) of so many parts of a second.
pub type Interval = (u32, u32);

/// One kind of pictures that a device offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// How they are written.
    pub coding: Coding,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The intervals that may be chosen; none if the device does not say.
    pub intervals: Vec<Interval>,
}

/// What is asked of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// How the pictures are written.
    pub coding: Coding,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Time between two; None: as the device has it.
    pub interval: Option<Interval>,
}

/// Pictures a second; 0 for what is no interval.
fn rate((part, of): Interval) -> f64 {
    if part == 0 || of == 0 {
        return 0.0;
    }
    f64::from(of) / f64::from(part)
}

/// The slowest that is as fast as wanted, else the fastest.
fn interval(offered: &[Interval]) -> Option<Interval> {
    let good = |i: &&Interval| rate(**i) > 0.0;
    let enough = |i: &&Interval| rate(**i) >= RATE_WANTED;
    let slowest = (offered.iter().filter(enough)).min_by(|a, b| rate(**a).total_cmp(&rate(**b)));
    let fastest = (offered.iter().filter(good)).max_by(|a, b| rate(**a).total_cmp(&rate(**b)));
    slowest.or(fastest).copied()
}

/// How far a size is from the wanted one: what is missing weighs three times what is too much,
/// because it cannot be found again.
fn distance(offer: &Offer) -> u64 {
    let side = |has: u32, wants: u32| {
        let weight = if has < wants { 3 } else { 1 };
        u64::from(has.abs_diff(wants)) * weight
    };
    side(offer.width, WIDTH) + side(offer.height, HEIGHT)
}

/// The best offer; None if there is none.
#[must_use]
pub fn choose(offers: &[Offer]) -> Option<Choice> {
    let slow = |offer: &Offer| interval(&offer.intervals).is_some_and(|i| rate(i) < RATE_MIN);
    let best = (offers.iter())
        .filter(|o| o.width > 0 && o.height > 0)
        .min_by_key(|o| (slow(o), distance(o), o.coding))?;
    Some(Choice {
        coding: best.coding,
        width: best.width,
        height: best.height,
        interval: interval(&best.intervals),
    })
}

/// The length nearest to `wanted` of those from `min` to `max` in steps of `step`.
#[must_use]
pub fn nearest(wanted: u32, min: u32, max: u32, step: u32) -> u32 {
    let over = wanted.clamp(min, max.max(min)).saturating_sub(min);
    min + over / step.max(1) * step.max(1)
}

/// The size nearest to the wanted one where any within bounds may be asked for; each bound is
/// (least, most, step).
#[must_use]
pub fn nearest_size(width: (u32, u32, u32), height: (u32, u32, u32)) -> (u32, u32) {
    (
        nearest(WIDTH, width.0, width.1, width.2),
        nearest(HEIGHT, height.0, height.1, height.2),
    )
}

/// The wanted interval, within the shortest and the longest that a device has.
#[must_use]
pub fn nearest_interval(shortest: Interval, longest: Interval) -> Interval {
    let wanted = (1, RATE_WANTED as u32);
    if rate(shortest) < RATE_WANTED {
        shortest
    } else if rate(longest) > RATE_WANTED {
        longest
    } else {
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Coding::{Jpeg, Yuyv};
    use proptest::prelude::*;

    fn offer(coding: Coding, width: u32, height: u32, rates: &[u32]) -> Offer {
        Offer {
            coding,
            width,
            height,
            intervals: rates.iter().map(|r| (1, *r)).collect(),
        }
    }

    #[test]
    fn the_size_and_the_rate_that_the_door_needs() {
        let all = [30, 15, 5];
        type Wanted = (Coding, u32, Option<u32>);
        let table: [(&str, Vec<Offer>, Wanted); 9] = [
            (
                "a usual webcam",
                vec![
                    offer(Yuyv, 640, 480, &all),
                    offer(Yuyv, 1280, 720, &[10]),
                    offer(Jpeg, 1280, 720, &all),
                    offer(Jpeg, 640, 480, &all),
                ],
                (Jpeg, 640, Some(15)),
            ),
            (
                "raw only",
                vec![offer(Yuyv, 320, 240, &all), offer(Yuyv, 640, 480, &all)],
                (Yuyv, 640, Some(15)),
            ),
            (
                "the right size raw before another compressed",
                vec![offer(Jpeg, 1280, 720, &all), offer(Yuyv, 640, 480, &all)],
                (Yuyv, 640, Some(15)),
            ),
            (
                "rather too large than too small",
                vec![offer(Jpeg, 320, 240, &all), offer(Jpeg, 1280, 720, &all)],
                (Jpeg, 1280, Some(15)),
            ),
            (
                "raw and slow at the right size",
                vec![offer(Yuyv, 640, 480, &[5]), offer(Jpeg, 1280, 720, &[30])],
                (Jpeg, 1280, Some(30)),
            ),
            (
                "slow all the same",
                vec![offer(Yuyv, 640, 480, &[2, 7, 5])],
                (Yuyv, 640, Some(7)),
            ),
            (
                "between ten and fifteen",
                vec![offer(Yuyv, 640, 480, &[12, 5])],
                (Yuyv, 640, Some(12)),
            ),
            (
                "no rates told",
                vec![offer(Yuyv, 640, 480, &[]), offer(Jpeg, 320, 240, &all)],
                (Yuyv, 640, None),
            ),
            (
                "no size and no rate that make sense",
                vec![offer(Jpeg, 0, 480, &all), offer(Yuyv, 640, 360, &[0, 0])],
                (Yuyv, 640, None),
            ),
        ];
        for (name, offers, (coding, width, rate)) in table {
            let choice = choose(&offers).expect(name);
            let got = (choice.coding, choice.width, choice.interval.map(|i| i.1));
            assert_eq!(got, (coding, width, rate), "{name}");
        }
        assert_eq!(choose(&[]), None);
    }

    /// What the kernel's virtual camera says of itself (vivid, input "webcam").
    #[test]
    fn vivid_gives_its_raw_pictures() {
        let rates = [1, 2, 4, 5, 10, 15, 25, 30, 40, 50, 60];
        let offers = [
            (320, 180),
            (640, 360),
            (640, 480),
            (1280, 720),
            (3840, 2160),
        ]
        .map(|(w, h)| offer(Yuyv, w, h, &rates));
        let choice = choose(&offers).expect("a choice");
        assert_eq!((choice.width, choice.height), (640, 480));
        assert_eq!(choice.interval, Some((1, 15)));
    }

    #[test]
    fn bounds_are_kept_where_any_size_may_be_asked_for() {
        assert_eq!(nearest_size((16, 1920, 2), (16, 1080, 2)), (640, 480));
        assert_eq!(nearest_size((16, 320, 16), (16, 240, 16)), (320, 240));
        assert_eq!(nearest_size((800, 1600, 8), (600, 1200, 8)), (800, 600));
        assert_eq!(nearest(640, 0, 0, 0), 0);
        assert_eq!(nearest_interval((1, 60), (1, 1)), (1, 15));
        assert_eq!(nearest_interval((1, 8), (1, 1)), (1, 8));
        assert_eq!(nearest_interval((1, 60), (1, 30)), (1, 30));
    }

    proptest! {
        #[test]
        fn what_is_chosen_was_offered(
            offers in prop::collection::vec(
                (any::<bool>(), 0_u32..5000, 0_u32..5000, prop::collection::vec((0_u32..100, 0_u32..3000), 0..5)),
                0..8,
            ),
        ) {
            let offers: Vec<Offer> = offers.into_iter().map(|(raw, width, height, intervals)| {
                let coding = if raw { Yuyv } else { Jpeg };
                Offer { coding, width, height, intervals }
            }).collect();
            let Some(choice) = choose(&offers) else {
                prop_assert!(offers.iter().all(|o| o.width == 0 || o.height == 0));
                return Ok(());
            };
            let found = offers.iter().any(|o| {
                (o.coding, o.width, o.height) == (choice.coding, choice.width, choice.height)
                    && choice.interval.is_none_or(|i| o.intervals.contains(&i) && rate(i) > 0.0)
            });
            prop_assert!(found);
        }

        #[test]
        fn the_nearest_lies_within_its_bounds(wanted: u16, min: u16, more: u16, step: u16) {
            let (min, max) = (u32::from(min), u32::from(min) + u32::from(more));
            let got = nearest(u32::from(wanted), min, max, u32::from(step));
            prop_assert!((min..=max).contains(&got));
            prop_assert_eq!((got - min) % u32::from(step).max(1), 0);
        }
    }
}
