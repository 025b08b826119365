//! A field against a model: every form of its block, and the ways from one to another.

use redstart_encoding::Field;

/// Lengths around which a field takes another form.
const NAMES: &[usize] = if cfg!(miri) { &[0, 63, 64, 127, 128, 255] } else { &[0, 1, 7, 63, 64, 127, 128, 254, 255] };
const VALUES: &[usize] = if cfg!(miri) { &[0, 1, 256] } else { &[0, 1, 9, 255, 256, 1000, 65_534, 65_535, 65_536] };
const OTHERS: [usize; 3] = if cfg!(miri) { [0, 9, 257] } else { [0, 9, 65_535] };

struct Life {
    field: Field,
    name: Vec<u8>,
    value: Vec<u8>,
    expire_ms: Option<i64>,
}

impl Life {
    fn new(name: usize, value: usize, expire_ms: Option<i64>) -> Self {
        let (name, value) = (bytes(name, 1), bytes(value, 2));
        Self { field: Field::with(&name, &value, expire_ms), name, value, expire_ms }
    }

    fn set_value(&mut self, length: usize) {
        self.value = bytes(length, 3);
        self.field.set_value(&self.value);
        self.check();
    }

    fn set_expire_ms(&mut self, expire_ms: Option<i64>) {
        self.expire_ms = expire_ms;
        self.field.set_expire_ms(expire_ms);
        self.check();
    }

    fn check(&self) {
        assert_eq!(self.field.name(), self.name);
        assert_eq!(self.field.value(), self.value);
        assert_eq!(self.field.expire_ms(), self.expire_ms);
        self.field.check().expect("it is sound");
        assert!(self.field.block_size() > self.name.len() + self.value.len());
    }
}

fn bytes(length: usize, salt: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 + salt * 97) as u8).collect()
}

#[test]
fn every_form_holds_what_it_was_given_and_becomes_every_other() {
    for &name in NAMES {
        for &value in VALUES {
            for expire_ms in [None, Some(i64::MAX)] {
                let mut life = Life::new(name, value, expire_ms);
                life.check();
                for other in OTHERS {
                    life.set_value(other);
                    life.set_expire_ms(Some(-1));
                    life.set_value(value);
                    life.set_expire_ms(None);
                }
            }
        }
    }
}

#[test]
fn small_members_take_little() {
    let size = |name: &[u8], value: &[u8]| Field::new(name, value).block_size();
    assert_eq!([size(b"899997", b""), size(b"member:00000123", b"")], [8, 16]);
    assert_eq!([size(b"field:00000123", b"value:123456"), size(b"name", b"")], [32, 8]);
}
