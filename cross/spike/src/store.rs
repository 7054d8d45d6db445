//! What a store needs: the database, sealing, passwords.

use crate::Outcome;

pub fn database() -> Outcome {
    let folder = std::env::temp_dir().join(format!("spike-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("spike.db");
    let db = rusqlite::Connection::open(&path)?;
    let mode: String = db.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    db.execute_batch(
        "pragma synchronous = full; create table t (id integer primary key, v blob) strict;",
    )?;
    db.execute("insert into t (v) values (?1)", [b"value".as_slice()])?;
    let mut copy = rusqlite::Connection::open_in_memory()?;
    rusqlite::backup::Backup::new(&db, &mut copy)?.run_to_completion(
        16,
        std::time::Duration::ZERO,
        None,
    )?;
    let rows: i64 = copy.query_row("select count(*) from t", [], |row| row.get(0))?;
    drop((db, copy));
    std::fs::remove_dir_all(&folder)?;
    match (mode.as_str(), rows) {
        ("wal", 1) => Ok(format!("SQLite {}, WAL, backup", rusqlite::version())),
        _ => Err(format!("{mode}, {rows} rows").into()),
    }
}

pub fn sealing() -> Outcome {
    use aes_gcm::aead::{Aead, Payload};
    use aes_gcm::{Aes256Gcm, KeyInit};
    use ring::rand::SecureRandom;
    let mut key = zeroize::Zeroizing::new([0u8; 32]);
    let mut nonce = [0u8; 12];
    let random = ring::rand::SystemRandom::new();
    random.fill(key.as_mut()).map_err(|_| "no randomness")?;
    random.fill(&mut nonce).map_err(|_| "no randomness")?;
    let salt = ring::hkdf::Salt::new(ring::hkdf::HKDF_SHA256, b"spike");
    let mut derived = [0u8; 32];
    let secret = salt.extract(key.as_ref());
    let okm = secret
        .expand(&[b"purpose"], ring::hmac::HMAC_SHA256)
        .map_err(|_| "hkdf")?;
    let signer: ring::hmac::Key = okm.into();
    derived.copy_from_slice(ring::hmac::sign(&signer, b"message").as_ref());
    let cipher = Aes256Gcm::new(&derived.into());
    let payload = |msg| Payload {
        msg,
        aad: b"table, column, row",
    };
    let sealed = cipher
        .encrypt(&nonce.into(), payload(b"a name".as_slice()))
        .map_err(|_| "seal")?;
    let opened = cipher
        .decrypt(&nonce.into(), payload(sealed.as_slice()))
        .map_err(|_| "open")?;
    let moved = Payload {
        msg: sealed.as_slice(),
        aad: b"elsewhere",
    };
    match opened == b"a name" && cipher.decrypt(&nonce.into(), moved).is_err() {
        true => Ok(format!("{} bytes sealed", sealed.len())),
        false => Err("sealing does not bind".into()),
    }
}

pub fn password() -> Outcome {
    let params = argon2::Params::new(1024, 2, 1, None).map_err(|e| e.to_string())?;
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut out = [0u8; 32];
    argon
        .hash_password_into(b"kata sandi", b"0123456789abcdef", &mut out)
        .map_err(|e| e.to_string())?;
    Ok(format!("{:02x}{:02x}…", out[0], out[1]))
}
