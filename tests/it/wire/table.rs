//! What the table of routes finds, path by path, written by hand: fixed paths before patterns,
//! parts of a path decoded, methods told, nothing found for what only looks alike.

use super::server::Hall;
use hadir::base::json::json;
use hadir::http::problem::Problem;
use hadir::http::reply::Reply;
use hadir::http::request::{Method, Request};
use hadir::http::route::{Access, Found, Lane, Rate, Route, Router};

fn nothing(_: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &json!({})))
}

const fn route(method: Method, path: &'static str) -> Route<Hall> {
    Route {
        method,
        path,
        access: Access::Public,
        lane: Lane::Ordinary,
        rate: Rate::General,
        body_bytes_max: 0,
        handle: nothing,
    }
}

fn table() -> Router<Hall> {
    Router::new(vec![
        route(Method::Get, "/people/{person}"),
        route(Method::Get, "/people/{person}/face/{picture}"),
        route(Method::Delete, "/people/{person}"),
        route(Method::Get, "/people/new"),
        route(Method::Post, "/people"),
        route(Method::Get, "/people"),
        route(Method::Get, "/"),
    ])
}

/// What is found, in one line: the pattern and its parts, the methods, or nothing.
fn found(method: Option<Method>, path: &str) -> String {
    match table().find(method, path) {
        Found::Route(route, parts) => {
            let parts = parts.iter().map(|(name, value)| format!(" {name}={value}"));
            format!("{}{}", route.path, parts.collect::<String>())
        }
        Found::OtherMethod(methods) => format!("only {methods}"),
        Found::Nothing => "nothing".to_owned(),
    }
}

#[test]
fn each_path_is_found_as_the_table_says() {
    let table = [
        ("/", "/"),
        ("/people", "/people"),
        ("/people/new", "/people/new"),
        ("/people/old", "/people/{person} person=old"),
        ("/people/a%20b", "/people/{person} person=a b"),
        ("/people/a%2Fb", "/people/{person} person=a/b"),
        ("/people/%C3%A9", "/people/{person} person=é"),
        (
            "/people/x/face/3",
            "/people/{person}/face/{picture} person=x picture=3",
        ),
    ];
    for (path, want) in table {
        assert_eq!(found(Some(Method::Get), path), want, "{path}");
    }
}

#[test]
fn what_only_looks_alike_is_not_found() {
    let paths = [
        "",
        "people",
        "//people",
        "/people/",
        "/People",
        "/people/x/",
        "/people//face/3",
        "/people/x/face",
        "/people/x/face/3/4",
        "/people/%",
        "/people/%2",
        "/people/%zz",
        "/people/%+1",
        "/people/%FF",
    ];
    for path in paths {
        assert_eq!(found(Some(Method::Get), path), "nothing", "{path}");
    }
}

#[test]
fn another_method_is_told_which_ones_there_are() {
    let table = [
        (Some(Method::Put), "/people", "only GET, HEAD, POST"),
        (Some(Method::Post), "/people/x", "only GET, HEAD, DELETE"),
        (Some(Method::Delete), "/", "only GET, HEAD"),
        (None, "/people/x/face/3", "only GET, HEAD"),
        (
            Some(Method::Delete),
            "/people/x",
            "/people/{person} person=x",
        ),
    ];
    for (method, path, want) in table {
        assert_eq!(found(method, path), want, "{path}");
    }
}
