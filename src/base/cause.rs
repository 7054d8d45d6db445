//! The closed list of reasons for which a request can fail, as inner layers name them.
//! What a client sees of them is decided in one table each: `http::error_table` for our own
//! interface, a surface's own `errors.rs` for an old client.

/// How much attention a failure deserves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A refusal: the caller did something that cannot be done. Nothing is wrong with the box.
    Info,
    /// Degraded, healing itself.
    Warning,
    /// Somebody must act.
    Critical,
}

/// Why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The input is not of the right form.
    Invalid,
    /// The form is right, and a value in it cannot be.
    Unprocessable,
    /// The input is too large.
    TooLarge,
    /// What was sent came too slowly.
    Slow,
    /// The caller is not known.
    Unauthenticated,
    /// The caller may not do this.
    Forbidden,
    /// What was named does not exist.
    Missing,
    /// It contradicts something that is there already.
    Conflict,
    /// The same nonce was used with other contents.
    NonceReused,
    /// Too many requests.
    RateLimited,
    /// The store's queue is full.
    Busy,
    /// The disk is full.
    StoreFull,
    /// The store's file is damaged; it is read-only now.
    StoreCorrupt,
    /// Reading or writing the disk failed.
    StoreIo,
    /// A key is missing or wrong.
    KeyUnavailable,
    /// Face recognition is off or failed.
    FaceEngine,
    /// The box has no administrator yet.
    SetupRequired,
    /// The program is stopping.
    Stopping,
    /// A mistake of ours.
    Internal,
}

impl Cause {
    /// The stable code of the cause, for clients and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unprocessable => "unprocessable",
            Self::TooLarge => "too_large",
            Self::Slow => "too_slow",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Missing => "missing",
            Self::Conflict => "conflict",
            Self::NonceReused => "nonce_reused",
            Self::RateLimited => "rate_limited",
            Self::Busy => "busy",
            Self::StoreFull => "store_full",
            Self::StoreCorrupt => "store_corrupt",
            Self::StoreIo => "store_io",
            Self::KeyUnavailable => "key_unavailable",
            Self::FaceEngine => "face_engine_error",
            Self::SetupRequired => "setup_required",
            Self::Stopping => "stopping",
            Self::Internal => "internal",
        }
    }

    /// How much attention it deserves.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Invalid
            | Self::Unprocessable
            | Self::SetupRequired
            | Self::TooLarge
            | Self::Slow
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::Missing
            | Self::Conflict
            | Self::NonceReused
            | Self::RateLimited => Severity::Info,
            Self::Busy | Self::StoreFull | Self::StoreIo | Self::FaceEngine | Self::Stopping => {
                Severity::Warning
            }
            Self::StoreCorrupt | Self::KeyUnavailable | Self::Internal => Severity::Critical,
        }
    }
}
