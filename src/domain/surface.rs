//! The surfaces: the outsides that the box has, each a contract of its own, and which of them
//! share their accounts' tokens. What is not in this list has no accounts, roles or sessions.

use crate::base::word::words;

words! {
    /// A surface.
    Surface {
        /// Our own pages and interface.
        Native => "native",
        /// Accounts and tokens of the TixGo set.
        Identity => "identity",
        /// Check-ins and events of the TixGo set.
        Attendance => "attendance",
        /// The portal's own accounts.
        PortalIdentity => "portal-identity",
        /// The portal.
        Portal => "portal",
        /// The chat.
        Chat => "chat",
        /// The cipher service.
        Cipher => "cipher",
        /// The attendance of a campus.
        Absensi => "absensi",
        /// The courses.
        Pintar => "pintar",
    }
}

/// Surfaces among which a token goes: one minted for a family is none anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Ours alone.
    Native,
    /// identity, attendance, portal-identity and portal.
    TixGo,
    /// The chat alone.
    Chat,
    /// The cipher service alone.
    Cipher,
    /// Absensi alone.
    Absensi,
    /// Pintar alone.
    Pintar,
}

impl Surface {
    /// The family in which this surface's tokens are taken.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Native => Family::Native,
            Self::Identity | Self::Attendance | Self::PortalIdentity | Self::Portal => {
                Family::TixGo
            }
            Self::Chat => Family::Chat,
            Self::Cipher => Family::Cipher,
            Self::Absensi => Family::Absensi,
            Self::Pintar => Family::Pintar,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tixgo_set_shares_tokens() {
        let family = |s: &&Surface| s.family();
        for one in Surface::ALL {
            let shared = Surface::ALL.iter().filter(|s| family(s) == one.family());
            let want = if one.family() == Family::TixGo { 4 } else { 1 };
            assert_eq!(shared.count(), want, "{one}");
        }
    }
}
