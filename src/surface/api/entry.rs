//! A route of the interface together with what its document says: the table from which the
//! server's routes, the OpenAPI document and the tests are made.

use crate::base::limits;
use crate::http::request::Method;
use crate::http::route::{Access, Handler, Lane, Rate, Route};
use crate::surface::native::Native;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Makes the schema of a type.
pub type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// What a route takes as its body.
#[derive(Clone, Copy)]
pub enum Body {
    /// None.
    Nothing,
    /// JSON of this shape, with an example.
    Json(MakeSchema, &'static str),
    /// Bytes of this type.
    Bytes(&'static str),
}

/// What a route answers when it does what it was asked.
#[derive(Clone, Copy)]
pub enum Answer {
    /// 204.
    Nothing,
    /// JSON of this shape with this status.
    Json(u16, MakeSchema),
    /// Bytes of this type.
    Bytes(&'static str),
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Its form.
    pub form: Form,
}

/// The form of a parameter.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// An id.
    Id,
    /// Any text up to this many characters.
    Text(usize),
    /// Letters to look people up by.
    Letters,
    /// A whole number from 1 up to this.
    Number(u32),
    /// A whole number from 0 on.
    Count,
    /// One of these words.
    Words(&'static [&'static str]),
    /// An occasion: `today`, `day:2026-11-21`, `event:ID`.
    Occasion,
}

/// A route and its document.
#[derive(Clone)]
pub struct Entry {
    /// The route as the server has it.
    pub route: Route<Native>,
    /// The part of the interface that it belongs to.
    pub group: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The right that the caller must have; empty: whoever the access lets in.
    pub right: &'static str,
    /// The query's parameters.
    pub query: &'static [Param],
    /// The body.
    pub body: Body,
    /// The answer.
    pub answer: Answer,
    /// Refusals of its own: status and code.
    pub refusals: &'static [(u16, &'static str)],
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Entry {
    /// A route that takes no body and answers nothing yet.
    #[must_use]
    pub const fn new(
        method: Method,
        path: &'static str,
        access: Access,
        handle: Handler<Native>,
    ) -> Self {
        Self {
            route: Route {
                method,
                path,
                access,
                lane: Lane::Ordinary,
                rate: Rate::General,
                body_bytes_max: 0,
                handle,
            },
            group: "",
            summary: "",
            right: "",
            query: &[],
            body: Body::Nothing,
            answer: Answer::Nothing,
            refusals: &[],
        }
    }

    /// Reads something; a person must have signed in.
    #[must_use]
    pub const fn get(path: &'static str, handle: Handler<Native>) -> Self {
        Self::new(Method::Get, path, Access::Person, handle)
    }

    /// Makes or does something; a person must have signed in.
    #[must_use]
    pub const fn post(path: &'static str, handle: Handler<Native>) -> Self {
        Self::new(Method::Post, path, Access::Person, handle)
    }

    /// Replaces something; a person must have signed in.
    #[must_use]
    pub const fn put(path: &'static str, handle: Handler<Native>) -> Self {
        Self::new(Method::Put, path, Access::Person, handle)
    }

    /// Changes a part of something; a person must have signed in.
    #[must_use]
    pub const fn patch(path: &'static str, handle: Handler<Native>) -> Self {
        Self::new(Method::Patch, path, Access::Person, handle)
    }

    /// Takes something away; a person must have signed in.
    #[must_use]
    pub const fn delete(path: &'static str, handle: Handler<Native>) -> Self {
        Self::new(Method::Delete, path, Access::Person, handle)
    }

    /// Says what it does.
    #[must_use]
    pub const fn about(mut self, group: &'static str, summary: &'static str) -> Self {
        self.group = group;
        self.summary = summary;
        self
    }

    /// Who comes in, where it is not a signed-in person.
    #[must_use]
    pub const fn access(mut self, access: Access) -> Self {
        self.route.access = access;
        self
    }

    /// Another lane and class of rates than the ordinary ones.
    #[must_use]
    pub const fn lane(mut self, lane: Lane, rate: Rate) -> Self {
        self.route.lane = lane;
        self.route.rate = rate;
        self
    }

    /// The right that the domain will ask for.
    #[must_use]
    pub const fn right(mut self, right: &'static str) -> Self {
        self.right = right;
        self
    }

    /// The query's parameters.
    #[must_use]
    pub const fn query(mut self, query: &'static [Param]) -> Self {
        self.query = query;
        self
    }

    /// Takes JSON of this shape; `example` is a whole body.
    #[must_use]
    pub const fn takes<T: JsonSchema>(mut self, example: &'static str) -> Self {
        self.body = Body::Json(schema::<T>, example);
        self.route.body_bytes_max = limits::JSON_BODY_BYTES_MAX;
        self
    }

    /// Takes a picture.
    #[must_use]
    pub const fn takes_picture(mut self) -> Self {
        self.body = Body::Bytes("image/jpeg");
        self.route.body_bytes_max = limits::IMAGE_BYTES_MAX;
        self
    }

    /// Takes a table (CSV).
    #[must_use]
    pub const fn takes_table(mut self) -> Self {
        self.body = Body::Bytes("text/csv");
        self.route.body_bytes_max = limits::IMPORT_BYTES_MAX;
        self
    }

    /// Takes fewer bytes than such a body may have elsewhere.
    #[must_use]
    pub const fn at_most(mut self, bytes: usize) -> Self {
        self.route.body_bytes_max = bytes;
        self
    }

    /// Answers JSON of this shape.
    #[must_use]
    pub const fn answers<T: JsonSchema>(mut self, status: u16) -> Self {
        self.answer = Answer::Json(status, schema::<T>);
        self
    }

    /// Answers bytes of this type.
    #[must_use]
    pub const fn answers_bytes(mut self, content_type: &'static str) -> Self {
        self.answer = Answer::Bytes(content_type);
        self
    }

    /// Refuses also for these reasons.
    #[must_use]
    pub const fn refuses(mut self, refusals: &'static [(u16, &'static str)]) -> Self {
        self.refusals = refusals;
        self
    }

    /// The names of the path's parameters.
    pub fn path_names(&self) -> impl Iterator<Item = &'static str> {
        let parts = self.route.path.split('/');
        parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
