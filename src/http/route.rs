//! The table of routes: a method, a path, the bytes of body it takes, a function.

use crate::http::reply::Reply;
use crate::http::request::{Method, Request};

/// One line of the table. `S` is what the surface's handlers work on.
pub struct Route<S: 'static> {
    /// The method.
    pub method: Method,
    /// The whole path.
    pub path: &'static str,
    /// The handler. It must not block: it answers from memory.
    pub handle: fn(&S, &Request) -> Reply,
}

/// What the table says to a method and a path.
pub enum Found<'a, S: 'static> {
    /// This route.
    Route(&'a Route<S>),
    /// The path is there, but not with this method; these are the methods it takes.
    OtherMethod(&'static str),
    /// Nothing.
    Nothing,
}

/// Looks a request up.
#[must_use]
pub fn find<'a, S>(routes: &'a [Route<S>], method: Option<Method>, path: &str) -> Found<'a, S> {
    let (mut get, mut post) = (false, false);
    for route in routes.iter().filter(|r| r.path == path) {
        if Some(route.method) == method {
            return Found::Route(route);
        }
        match route.method {
            Method::Get => get = true,
            Method::Post => post = true,
        }
    }
    match (get, post) {
        (true, true) => Found::OtherMethod("GET, HEAD, POST"),
        (true, false) => Found::OtherMethod("GET, HEAD"),
        (false, true) => Found::OtherMethod("POST"),
        (false, false) => Found::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer((): &(), _: &Request) -> Reply {
        Reply::json(200, &crate::base::json::json!({}))
    }

    #[test]
    fn a_path_is_found_with_its_method_only() {
        let routes = [Route {
            method: Method::Get,
            path: "/a",
            handle: answer,
        }];
        assert!(matches!(
            find(&routes, Some(Method::Get), "/a"),
            Found::Route(_)
        ));
        assert!(matches!(
            find(&routes, Some(Method::Post), "/a"),
            Found::OtherMethod("GET, HEAD")
        ));
        assert!(matches!(find(&routes, None, "/a"), Found::OtherMethod(_)));
        for path in ["/", "/a/", "/A", "", "/a/../a"] {
            assert!(
                matches!(find(&routes, Some(Method::Get), path), Found::Nothing),
                "{path}"
            );
        }
    }
}
