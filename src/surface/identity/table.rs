//! The routes: one list, from which both tables are made, that of the surface's own listener and
//! that of ours.

use crate::base::limits;
use crate::http::request::Method;
use crate::http::route::{Access, Lane, Rate, Route};
use crate::surface::identity::{account, page};
use crate::surface::native::Native;
use std::sync::Arc;

/// The surface at the root of a listener.
pub struct Identity(pub Arc<Native>);

macro_rules! table {
    ($($method:ident $path:literal $access:ident $lane:ident $rate:ident $handle:path;)*) => {
        /// Method and path of each route.
        pub const PATHS: &[(Method, &str)] = &[$((Method::$method, $path)),*];

        /// The routes at the root of a listener.
        #[must_use]
        pub fn routes() -> Vec<Route<Identity>> {
            vec![$(Route {
                method: Method::$method,
                path: $path,
                access: Access::$access,
                lane: Lane::$lane,
                rate: Rate::$rate,
                body_bytes_max: limits::JSON_BODY_BYTES_MAX,
                handle: |identity, _, request| $handle(&identity.0, &request),
            }),*]
        }

        /// The same below a listener of ours.
        #[must_use]
        pub fn mounted() -> Vec<Route<Native>> {
            vec![$(Route {
                method: Method::$method,
                path: concat!("/compat/identity", $path),
                access: Access::$access,
                lane: Lane::$lane,
                rate: Rate::$rate,
                body_bytes_max: limits::JSON_BODY_BYTES_MAX,
                handle: |native, _, request| $handle(native, &request),
            }),*]
        }
    };
}

table! {
    Get "/" Open Memory Free page::start;
    Get "/health" Open Memory Free page::health;
    Get "/docs" Open Memory Free page::docs;
    Get "/redoc" Open Memory Free page::docs;
    Get "/openapi.json" Open Memory Free page::openapi;
    Post "/auth/register" Public Password Auth account::register;
    Post "/auth/login" Public Password Login account::login;
    Get "/auth/me" Public Ordinary Poll account::me;
}
