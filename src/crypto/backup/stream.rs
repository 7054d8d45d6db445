//! The chunks of a backup: written in order, and read back in the same order to the same end.

use crate::base::limits::BACKUP_CHUNK_BYTES;
use crate::crypto::backup::{BackupError, BackupKey, Header, encode};
use crate::crypto::digest::sha256;
use crate::crypto::key::Key;
use crate::crypto::seal::SealError;
use aes_gcm::aead::{Aead, Payload};
use std::io::{Read, Write};

/// What a chunk is longer by than what is in it.
const TAG_BYTES: usize = 16;
/// A whole chunk as it stands in the file.
const SEALED_BYTES: usize = BACKUP_CHUNK_BYTES + TAG_BYTES;

fn nonce(number: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    let parts = [u8::from(last), 0, 0, 0].into_iter();
    for (to, from) in nonce.iter_mut().zip(parts.chain(number.to_be_bytes())) {
        *to = from;
    }
    nonce
}

/// Writes a backup.
pub struct Writer<W: Write> {
    to: W,
    key: Key,
    bound: [u8; 32],
    number: u64,
    waiting: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// [`BackupError::Io`], [`BackupError::Seal`] for a header that is too long.
    pub fn begin(mut to: W, header: &Header, key: &BackupKey) -> Result<Self, BackupError> {
        let head = encode(header)?;
        to.write_all(&head)?;
        Ok(Self {
            to,
            key: key.stream(),
            bound: sha256(&head),
            number: 0,
            waiting: Vec::with_capacity(BACKUP_CHUNK_BYTES),
        })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), BackupError> {
        while !bytes.is_empty() {
            // A full chunk is only written once more comes: the last one is marked as such.
            if self.waiting.len() == BACKUP_CHUNK_BYTES {
                self.chunk(false)?;
            }
            let room = BACKUP_CHUNK_BYTES - self.waiting.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn chunk(&mut self, last: bool) -> Result<(), BackupError> {
        let payload = Payload {
            msg: &self.waiting,
            aad: &self.bound,
        };
        let sealed = self
            .key
            .cipher()
            .encrypt(&nonce(self.number, last).into(), payload)
            .map_err(|_| SealError::Form)?;
        self.to.write_all(&sealed)?;
        self.number += 1;
        self.waiting.clear();
        Ok(())
    }

    /// Writes the last chunk; gives back what was written to.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn finish(mut self) -> Result<W, BackupError> {
        self.chunk(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// Reads a backup. What comes out is authentic and in order; that nothing is missing at the end
/// is known once [`Reader::read`] has given 0.
pub struct Reader<R: Read> {
    from: R,
    key: Key,
    bound: [u8; 32],
    at: u64,
    number: u64,
    /// The sealed chunk that comes next; empty: none does.
    next: Vec<u8>,
    plain: Vec<u8>,
    used: usize,
    over: bool,
}

impl<R: Read> Reader<R> {
    /// Goes on where [`super::read_header`] has stopped; `head` are the bytes that it has read.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn begin(mut from: R, head: &[u8], key: &BackupKey) -> Result<Self, BackupError> {
        let next = sealed(&mut from)?;
        Ok(Self {
            from,
            key: key.stream(),
            bound: sha256(head),
            at: head.len() as u64,
            number: 0,
            next,
            plain: Vec::new(),
            used: 0,
            over: false,
        })
    }

    fn advance(&mut self) -> Result<(), BackupError> {
        let after = sealed(&mut self.from)?;
        let last = after.is_empty();
        let payload = Payload {
            msg: &self.next,
            aad: &self.bound,
        };
        self.plain = self
            .key
            .cipher()
            .decrypt(&nonce(self.number, last).into(), payload)
            .map_err(|_| BackupError::Damaged(self.at))?;
        self.used = 0;
        self.at += self.next.len() as u64;
        self.number += 1;
        self.next = after;
        self.over = last;
        Ok(())
    }

    /// Gives the next bytes: how many, 0 at the end.
    ///
    /// # Errors
    /// [`BackupError::Damaged`] from where it was cut or changed, [`BackupError::Io`].
    pub fn read(&mut self, to: &mut [u8]) -> Result<usize, BackupError> {
        while self.used == self.plain.len() {
            if self.over {
                return Ok(0);
            }
            self.advance()?;
        }
        let rest = self.plain.get(self.used..).unwrap_or_default();
        let count = rest.len().min(to.len());
        for (to, from) in to.iter_mut().zip(rest) {
            *to = *from;
        }
        self.used += count;
        Ok(count)
    }

    /// Fills `to`.
    ///
    /// # Errors
    /// [`BackupError::Damaged`] if there is less, and those of [`Reader::read`].
    pub fn read_exact(&mut self, to: &mut [u8]) -> Result<(), BackupError> {
        let mut filled = 0;
        while let Some(rest) = to.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest)? {
                0 => return Err(BackupError::Damaged(self.at)),
                count => filled += count,
            }
        }
        Ok(())
    }
}

/// The next chunk as it stands there, shorter than a whole one only at the end.
fn sealed(from: &mut impl Read) -> Result<Vec<u8>, BackupError> {
    let mut bytes = Vec::with_capacity(SEALED_BYTES);
    from.take(SEALED_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;
    use crate::crypto::backup::{Opener, read_header};
    use crate::crypto::keyring::MasterKey;
    use crate::crypto::random::{Seed, Seeded};
    use proptest::prelude::*;

    fn header() -> Header {
        Header {
            id: [7; 16],
            made_ms: 1,
            of_box: "box".to_owned(),
            program: "0".to_owned(),
            schema: 2,
            slots: Vec::new(),
        }
    }

    fn key() -> BackupKey {
        BackupKey::generate(&mut Seeded::new(&Seed::from_number(1)))
    }

    fn written(plain: &[u8]) -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), &header(), &key()).expect("begun");
        for part in plain.chunks(10_007) {
            writer.write(part).expect("written");
        }
        writer.finish().expect("finished")
    }

    fn read_back(mut file: &[u8]) -> Result<Vec<u8>, BackupError> {
        let (_, head) = read_header(&mut file)?;
        let mut reader = Reader::begin(file, &head, &key())?;
        let (mut all, mut part) = (Vec::new(), [0; 9_999]);
        loop {
            match reader.read(&mut part)? {
                0 => return Ok(all),
                count => all.extend_from_slice(&part[..count]),
            }
        }
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length)
            .map(|i| u8::try_from(i % 251).expect("small"))
            .collect()
    }

    #[test]
    fn every_length_around_a_chunk_comes_back() {
        let chunk = BACKUP_CHUNK_BYTES;
        for length in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 5] {
            let plain = text(length);
            let file = written(&plain);
            assert_eq!(read_back(&file).expect("whole"), plain, "{length}");
        }
    }

    #[test]
    fn chunks_cannot_be_left_out_swapped_or_repeated() {
        let file = written(&text(4 * BACKUP_CHUNK_BYTES));
        let head = file.len() - 4 * SEALED_BYTES;
        let (begin, body) = file.split_at(head);
        let chunks: Vec<&[u8]> = body.chunks(SEALED_BYTES).collect();
        let orders: [&[usize]; 7] = [
            &[0, 1, 2],
            &[1, 2, 3],
            &[0, 2, 1, 3],
            &[0, 0, 1, 2, 3],
            &[0, 1, 2, 3, 3],
            &[3],
            &[],
        ];
        for order in orders {
            let mut other = begin.to_vec();
            for at in order {
                other.extend_from_slice(chunks[*at]);
            }
            let got = read_back(&other);
            assert!(
                matches!(got, Err(BackupError::Damaged(_))),
                "{order:?}: {got:?}"
            );
        }
    }

    #[test]
    fn a_slot_opens_for_whom_it_was_made() {
        let mut chance = Seeded::new(&Seed::from_number(2));
        let masters = [3, 4].map(|n| MasterKey::generate(&mut Seeded::new(&Seed::from_number(n))));
        let [mine, other] = masters.map(Opener::Kit);
        let phrase = |text: &str| Opener::Passphrase(Secret::new(text.to_owned()));
        let (id, key) = ([1; 16], key());
        let mut slot = |opener| key.slot(&id, opener, &mut chance).expect("a slot");
        let slots = [slot(&mine), slot(&phrase("kuda nil berenang"))];
        let open = |id, opener| BackupKey::open(id, &slots, opener);
        let (right, wrong) = (phrase("kuda nil berenang"), phrase("kuda nil tidur"));
        for opener in [&mine, &right] {
            let opened = open(&id, opener).expect("opens");
            assert_eq!(opened.0.expose(), key.0.expose());
        }
        assert!(matches!(open(&id, &other), Err(BackupError::NoSlot)));
        assert!(matches!(
            open(&id, &wrong),
            Err(BackupError::WrongPassphrase)
        ));
        assert!(
            open(&[2; 16], &mine).is_err(),
            "the slot is of another file"
        );
        let only = BackupKey::open(&id, &slots[..1], &right);
        assert!(matches!(only, Err(BackupError::NoSlot)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_cut_file_is_told(length in 0..200_000usize, cut in 0.0..1.0f64) {
            let file = written(&text(length));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the file")]
            let at = (file.len() as f64 * cut) as usize;
            prop_assert!(read_back(&file[..at]).is_err(), "cut at {} of {}", at, file.len());
        }

        #[test]
        fn a_changed_bit_is_told(length in 0..200_000usize, at in any::<prop::sample::Index>(), bit in 0..8u8) {
            let mut file = written(&text(length));
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
            prop_assert!(read_back(&file).is_err(), "byte {}", at);
        }

        #[test]
        fn what_follows_the_end_is_told(length in 0..70_000usize, more in 1..70_000usize) {
            let mut file = written(&text(length));
            file.extend(text(more));
            prop_assert!(read_back(&file).is_err());
        }

        #[test]
        fn no_text_makes_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut file = b"hadir-backup-1\n\0".to_vec();
            file.extend(&bytes);
            prop_assert!(read_back(&file).is_err());
            prop_assert!(read_back(&bytes).is_err());
        }
    }
}
