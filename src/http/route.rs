//! The table of routes: method, pattern, who may come in, how much body, which lane, a
//! function. A surface lists its routes once; the server, the document of the interface and
//! the tests all read the same list.

use crate::http::form::decode;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Method, Request};

/// What has to be known of the caller before a handler runs. What the caller may then do is
/// decided in the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing; also before the box is set up.
    Open,
    /// Nothing, once the box is set up.
    Public,
    /// A signed-in person.
    Person,
    /// A paired device.
    Device,
    /// A signed-in person or a paired device.
    Known,
}

/// Which lane a request takes, so that check-ins go first when much is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Answers from memory, at once, on the server's own threads.
    Memory,
    /// A check-in or a frame of a kiosk.
    CheckIn,
    /// A check-in whose handler never waits: it hands the store a job and answers with
    /// [`Reply::later`]. It runs on the server's own threads when the caller is known from
    /// memory. It has its place among the check-ins.
    Queued,
    /// Everything else that reads or writes the store.
    Ordinary,
    /// What hashes a password, which takes its time: a crowd that signs in waits in a line of its
    /// own, and nobody else waits with it.
    Password,
}

/// The class under which a request counts against the rate limits (`[limits]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rate {
    /// Not at all.
    Free,
    /// Whatever has no class of its own.
    General,
    /// Everything around signing in.
    Auth,
    /// A password.
    Login,
    /// A code of setup or pairing.
    Code,
    /// Frames and polls of devices.
    Poll,
    /// Whatever a program does with its key and has no class of its own.
    ApiKey,
}

/// One line of the table. `S` is the surface.
pub struct Route<S: Surface> {
    /// The method.
    pub method: Method,
    /// The path; parts in braces are parameters: `/api/v1/people/{person}`.
    pub path: &'static str,
    /// Who comes in.
    pub access: Access,
    /// The lane.
    pub lane: Lane,
    /// The class for rate limits.
    pub rate: Rate,
    /// Bytes of body, most; 0: the route takes none.
    pub body_bytes_max: usize,
    /// The handler. It may block, except in [`Lane::Memory`].
    pub handle: Handler<S>,
}

/// A handler.
pub type Handler<S> = fn(&S, &<S as Surface>::Caller, Request) -> Result<Reply, Problem>;

impl<S: Surface> Clone for Route<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Surface> Copy for Route<S> {}

/// What a listener serves: who the caller is, and how it is told that it may not.
pub trait Surface: Sized + Send + Sync + 'static {
    /// Who calls, as handlers see it.
    type Caller: Send + 'static;

    /// The steps before a handler: setup, origin, who calls, rates. Runs before the body is
    /// read, and may read the store.
    ///
    /// # Errors
    /// The refusal of the first step that refuses.
    fn admit(&self, route: &Route<Self>, head: &Head) -> Result<Self::Caller, Problem>;

    /// The same from memory alone, for a route of [`Lane::Queued`]; None: it takes the store,
    /// so [`Surface::admit`] has to be asked.
    ///
    /// # Errors
    /// As [`Surface::admit`].
    fn recall(&self, _route: &Route<Self>, _head: &Head) -> Option<Result<Self::Caller, Problem>> {
        None
    }

    /// What every answer to this caller tells besides.
    fn tell(&self, _caller: &Self::Caller, reply: Reply) -> Reply {
        reply
    }

    /// The answer to a request before its route is looked for, where the surface's contract has
    /// one: to a browser's preflight, or to a path or method that it treats in a way of its own.
    /// `method` as in the request line. Answers from memory.
    fn early(&self, _method: &str, _head: &Head) -> Option<Reply> {
        None
    }

    /// The last touch on every answer, also a refusal: headers that the surface's contract wants.
    fn finish(&self, _head: &Head, reply: Reply) -> Reply {
        reply
    }

    /// The answer for a refusal, in the form that the path's clients understand. `None`: not
    /// even the request line could be used.
    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply;
}

/// What the table says to a method and a path.
pub enum Found<S: Surface> {
    /// This route, with the parts of the path that its pattern names.
    Route(Route<S>, Vec<(&'static str, String)>),
    /// The path is there, but not with this method; these are the methods it takes.
    OtherMethod(String),
    /// Nothing.
    Nothing,
}

/// The table, in the order in which it is searched: a fixed path before a pattern.
pub struct Router<S: Surface> {
    routes: Vec<Route<S>>,
}

impl<S: Surface> Router<S> {
    /// A table of these routes.
    #[must_use]
    pub fn new(mut routes: Vec<Route<S>>) -> Self {
        routes.sort_by_key(|r| r.path.matches('{').count());
        Self { routes }
    }

    /// All routes.
    #[must_use]
    pub fn routes(&self) -> &[Route<S>] {
        &self.routes
    }

    /// Looks a request up.
    #[must_use]
    pub fn find(&self, method: Option<Method>, path: &str) -> Found<S> {
        let mut methods = Vec::new();
        for route in &self.routes {
            let Some(params) = fit(route.path, path) else {
                continue;
            };
            if Some(route.method) == method {
                return Found::Route(*route, params);
            }
            methods.push(route.method);
        }
        if methods.is_empty() {
            return Found::Nothing;
        }
        methods.sort_unstable();
        methods.dedup();
        let mut words: Vec<&str> = methods.iter().map(|m| m.word()).collect();
        if methods.contains(&Method::Get) {
            words.insert(1, "HEAD");
        }
        Found::OtherMethod(words.join(", "))
    }
}

/// The parameters of a path that fits the pattern. A parameter is one part, not empty.
fn fit(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut parts = path.split('/');
    for wanted in pattern.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(name) if !part.is_empty() => params.push((name, decode(part)?)),
            None if wanted == part => {}
            Some(_) | None => return None,
        }
    }
    parts.next().is_none().then_some(params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id as _, RequestId};

    struct Hall;

    impl Surface for Hall {
        type Caller = ();

        fn admit(&self, _: &Route<Self>, _: &Head) -> Result<(), Problem> {
            Ok(())
        }

        fn refuse(&self, _: Option<&Head>, problem: &Problem) -> Reply {
            Reply::refusal(problem, RequestId::from_bytes([0; 16]))
        }
    }

    fn nothing(_: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
        Ok(Reply::empty())
    }

    fn router(routes: &[(Method, &'static str)]) -> Router<Hall> {
        let route = |(method, path): &(Method, &'static str)| Route {
            method: *method,
            path,
            access: Access::Open,
            lane: Lane::Memory,
            rate: Rate::Free,
            body_bytes_max: 0,
            handle: nothing,
        };
        Router::new(routes.iter().map(route).collect())
    }

    fn found(router: &Router<Hall>, method: Method, path: &str) -> String {
        match router.find(Some(method), path) {
            Found::Route(route, params) => {
                let parts = params
                    .iter()
                    .map(|(name, value)| format!(" {name}={value}"));
                format!("{}{}", route.path, parts.collect::<String>())
            }
            Found::OtherMethod(allow) => format!("only {allow}"),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn a_fixed_path_goes_before_a_pattern_wherever_it_stands_in_the_list() {
        let router = router(&[
            (Method::Get, "/people/{person}"),
            (Method::Get, "/people/new"),
            (Method::Post, "/people/{person}/faces/{face}"),
        ]);
        let table = [
            ("/people/new", "/people/new"),
            ("/people/7", "/people/{person} person=7"),
            ("/people/new%20", "/people/{person} person=new "),
            ("/people/", "nothing"),
            ("/people", "nothing"),
            ("/people/7/", "nothing"),
            ("/people/7/faces/1", "only POST"),
        ];
        for (path, want) in table {
            assert_eq!(found(&router, Method::Get, path), want, "{path}");
        }
        let both = found(&router, Method::Post, "/people/a%2Fb/faces/%C3%A9");
        assert_eq!(both, "/people/{person}/faces/{face} person=a/b face=é");
    }

    #[test]
    fn the_methods_of_a_path_are_named_once_and_in_order() {
        let router = router(&[
            (Method::Delete, "/x/{a}"),
            (Method::Get, "/x/{b}"),
            (Method::Get, "/x/y"),
            (Method::Patch, "/x/y"),
        ]);
        assert_eq!(
            found(&router, Method::Post, "/x/y"),
            "only GET, HEAD, PATCH, DELETE"
        );
        assert_eq!(
            found(&router, Method::Put, "/x/z"),
            "only GET, HEAD, DELETE"
        );
        assert!(matches!(router.find(None, "/x/z"), Found::OtherMethod(_)));
        assert!(matches!(router.find(None, "/z"), Found::Nothing));
    }

    #[test]
    fn a_part_that_is_no_text_fits_nothing() {
        let router = router(&[(Method::Get, "/x/{a}")]);
        for path in ["/x/%", "/x/%2", "/x/%zz", "/x/%ff", "/x/%C3", "/%78/a"] {
            assert_eq!(found(&router, Method::Get, path), "nothing", "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_makes_it_panic(path in "\\PC{0,40}") {
            let router = router(&[(Method::Get, "/x/{a}"), (Method::Get, "/{b}/{c}")]);
            found(&router, Method::Get, &path);
        }
    }
}
