//! The form of answers and refusals: JSON without blanks, and `{"detail": …}` for what went wrong.

use crate::base::cause::Cause;
use crate::base::json::{Value, json};
use crate::http::problem::Problem;
use crate::http::rate::Limiter;
use crate::http::reply::Reply;
use crate::surface::native::Native;
use crate::surface::tixgo::State;

/// Why a request gets no 200.
#[derive(Debug)]
pub enum No {
    /// A refusal of the contract: its status and text.
    Because(u16, &'static str),
    /// 422: what is wrong with the body, one entry for each field.
    Items(Vec<Value>),
    /// Something that the contract does not know: a limit, a full disk.
    Else(Problem),
}

impl<E: Into<Problem>> From<E> for No {
    fn from(error: E) -> Self {
        Self::Else(error.into())
    }
}

/// A JSON answer.
pub fn json_of(status: u16, value: &Value) -> Reply {
    Reply::bytes("application/json", value.to_string().into_bytes()).with_status(status)
}

/// A refusal with a text.
pub fn detail(status: u16, text: &str) -> Reply {
    json_of(status, &json!({ "detail": text }))
}

/// What a handler found, as an answer.
pub fn told(found: Result<Reply, No>) -> Result<Reply, Problem> {
    match found {
        Ok(reply) => Ok(reply),
        Err(No::Because(status, text)) => Ok(detail(status, text)),
        Err(No::Items(items)) => Ok(json_of(422, &json!({ "detail": items }))),
        Err(No::Else(problem)) => Err(problem),
    }
}

/// A refusal of ours in the form of this surface.
pub fn refusal(problem: &Problem) -> Reply {
    let text = if problem.cause == Cause::Missing {
        "Not Found"
    } else {
        problem.message.as_str()
    };
    detail(500, text).of_problem(problem)
}

/// The state of the surface.
///
/// # Errors
/// 404 where the configuration does not serve it.
pub fn state(native: &Native) -> Result<&State, Problem> {
    native.identity.as_deref().ok_or_else(Problem::missing)
}

/// What counts here: the surface's own limits where the configuration has some.
pub fn limiter(native: &Native) -> &Limiter {
    let all = &native.limiter;
    state(native).map_or(all, |state| state.limiter(all))
}
