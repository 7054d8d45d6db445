//! Every cause: its code, its status, whether to try again, how it reads over the wire.

use super::server::Server;
use hadir::base::cause::{Cause, Severity};
use hadir::base::id::{Id as _, RequestId};
use hadir::http::error_table::outcome;
use hadir::http::problem::Problem;
use hadir::http::reply::Reply;
use hadir::http::request::{Head, Method, Request};
use hadir::http::route::{Access, Lane, Rate, Route, Surface};
use hadir::http::server::Limits;
use hadir::store::Error;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// The next cause; a new one does not compile until it is in the chain.
const fn after(cause: Cause) -> Option<Cause> {
    Some(match cause {
        Cause::Invalid => Cause::Unprocessable,
        Cause::Unprocessable => Cause::TooLarge,
        Cause::TooLarge => Cause::Slow,
        Cause::Slow => Cause::Unauthenticated,
        Cause::Unauthenticated => Cause::Forbidden,
        Cause::Forbidden => Cause::Missing,
        Cause::Missing => Cause::Conflict,
        Cause::Conflict => Cause::NonceReused,
        Cause::NonceReused => Cause::RateLimited,
        Cause::RateLimited => Cause::Busy,
        Cause::Busy => Cause::StoreFull,
        Cause::StoreFull => Cause::StoreCorrupt,
        Cause::StoreCorrupt => Cause::StoreIo,
        Cause::StoreIo => Cause::KeyUnavailable,
        Cause::KeyUnavailable => Cause::FaceEngine,
        Cause::FaceEngine => Cause::SetupRequired,
        Cause::SetupRequired => Cause::Stopping,
        Cause::Stopping => Cause::Internal,
        Cause::Internal => return None,
    })
}

fn all() -> Vec<Cause> {
    std::iter::successors(Some(Cause::Invalid), |c| after(*c)).collect()
}

#[test]
fn codes_are_words_and_each_is_one_cause_s() {
    let codes: BTreeSet<&str> = all().into_iter().map(Cause::code).collect();
    assert_eq!((all().len(), codes.len()), (19, 19));
    for code in codes {
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{code}"
        );
    }
}

#[test]
fn refusals_are_the_caller_s_matter_and_the_rest_is_ours() {
    for cause in all() {
        let got = outcome(cause);
        let refusal = cause.severity() == Severity::Info;
        // A box that is not set up yet is well, but whoever comes must come again later.
        let refused = (400..500).contains(&got.status) || cause == Cause::SetupRequired;
        assert_eq!(refused, refusal, "{cause:?}");
        assert!((400..600).contains(&got.status), "{cause:?}");
    }
}

#[test]
fn whoever_may_try_again_is_told_when_and_nobody_else() {
    for cause in all() {
        let got = outcome(cause);
        let again = [429, 503].contains(&got.status);
        assert_eq!(got.retry_after_s.is_some(), again, "{cause:?}");
        assert!(
            got.retry_after_s.is_none_or(|s| (1..=60).contains(&s)),
            "{cause:?}"
        );
    }
}

struct Refuser(Mutex<Cause>);

impl Surface for Refuser {
    type Caller = ();

    fn admit(&self, _: &Route<Self>, _: &Head) -> Result<(), Problem> {
        Ok(())
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
        Reply::refusal(problem, id)
    }
}

fn refuse(state: &Refuser, (): &(), _: Request) -> Result<Reply, Problem> {
    let cause = *state.0.lock().expect("cause");
    Err(Problem::new(cause, "Not \"now\".\n"))
}

const ROUTE: Route<Refuser> = Route {
    method: Method::Get,
    path: "/",
    access: Access::Open,
    lane: Lane::Memory,
    rate: Rate::Free,
    body_bytes_max: 0,
    handle: refuse,
};

#[test]
fn a_refusal_reads_the_same_for_every_cause() {
    let state = Arc::new(Refuser(Mutex::new(Cause::Invalid)));
    let server = Server::start(vec![ROUTE], Arc::clone(&state), Limits::default());
    let mut client = server.connect();
    for cause in all() {
        *state.0.lock().expect("cause") = cause;
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        let answer = client.read();
        let want = outcome(cause);
        let retry = want.retry_after_s.map(|s| s.to_string());
        assert_eq!(answer.status, want.status, "{cause:?}");
        assert_eq!(answer.header("retry-after"), retry.as_deref(), "{cause:?}");
        let body = answer.json();
        assert_eq!(body.as_object().expect("an object").len(), 1);
        let error = body["error"].as_object().expect("an object");
        assert_eq!(error.len(), 3, "code, message, request");
        assert_eq!(error["code"], cause.code());
        assert_eq!(error["message"], "Not \"now\".\n");
        assert_eq!(error["request"].as_str(), answer.header("x-request-id"));
    }
}

#[test]
fn what_the_store_says_has_its_cause_and_its_words() {
    let why = || "why".to_owned();
    let table = [
        (Error::Full, Cause::StoreFull),
        (Error::Busy, Cause::Busy),
        (Error::TooSlow, Cause::Busy),
        (Error::InUse(why()), Cause::Busy),
        (Error::Corrupt(why()), Cause::StoreCorrupt),
        (Error::Foreign(why()), Cause::StoreCorrupt),
        (Error::Conflict(why()), Cause::Conflict),
        (Error::Missing("why"), Cause::Missing),
        (Error::Io(why()), Cause::StoreIo),
        (Error::Closed, Cause::Stopping),
        (Error::Newer(9, 1), Cause::Internal),
        (Error::Panicked, Cause::Internal),
        (Error::Internal(why()), Cause::Internal),
    ];
    let mut texts = BTreeSet::new();
    for (error, cause) in table {
        assert_eq!(error.cause(), cause, "{error:?}");
        assert!(texts.insert(error.to_string()), "{error} is said twice");
        assert!(!error.is_conflict_of("visit.nonce"));
    }
    assert!(Error::Conflict("visit.nonce".to_owned()).is_conflict_of("visit.nonce"));
}
