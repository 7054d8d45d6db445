//! Values that must not be seen: no `Display`, a `Debug` that prints only the kind, and
//! memory that is wiped when they are dropped.

use std::fmt;
use zeroize::Zeroize;

/// A value that is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value in. The caller keeps no copy.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Wipes a buffer that once held a secret.
pub fn wipe(bytes: &mut [u8]) {
    bytes.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new(String::from("kata sandi"));
        assert!(!format!("{secret:?}").contains("kata"));
        assert_eq!(secret.expose(), "kata sandi");
    }
}
