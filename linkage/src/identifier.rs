//! A person's identifier as it is held: in blocks of sixteen bytes, hexadecimal digits two a byte.
//!
//! Tens of millions of rows carry an identifier each, and most pseudonyms are digests written as
//! hexadecimal digits. Held two digits a byte they are half as long, and to move or compare a block takes
//! two instructions where a text takes a call. No two texts are held alike: they stay the identifiers that
//! people are told apart by.

/// Sixteen bytes of an identifier, the last ones filled up with zeros.
pub type Block = [u8; size_of::<u128>()];

/// How many hexadecimal digits a block holds.
const DIGITS: usize = 2 * size_of::<Block>();

/// The longest text that is looked at for hexadecimal digits: SHA-512 has as many.
const LONGEST: usize = 4 * DIGITS;

/// What the blocks of an identifier hold: the bytes of a text, or hexadecimal digits. One number, since
/// every row that waits has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Shape(u32);

/// The letters that may stand for ten.
const TENS: [u8; 2] = [b'A', b'a'];

impl Shape {
    /// A text of so many bytes, fewer than the last numbers.
    const fn text(bytes: usize) -> Self {
        Self(bytes as u32)
    }

    /// So many blocks of digits, four at most, with one of the letters: one of the last numbers.
    const fn digits(blocks: usize, letter: usize) -> Self {
        Self(!((blocks * TENS.len() + letter) as u32))
    }

    /// Blocks and letter of digits.
    #[inline]
    const fn as_digits(self) -> Option<(usize, u8)> {
        let number = !self.0 as usize;
        if number < (LONGEST / DIGITS + 1) * TENS.len() {
            Some((number / TENS.len(), TENS[number % TENS.len()]))
        } else {
            None
        }
    }

    /// How many blocks there are.
    #[must_use]
    #[inline]
    pub const fn blocks(self) -> usize {
        match self.as_digits() {
            Some((blocks, _)) => blocks,
            None => (self.0 as usize).div_ceil(size_of::<Block>()),
        }
    }
}

/// An identifier in blocks: personal data, for record-level output of the secure side only. Their order is
/// not the alphabetical one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Identifier<'a> {
    /// Its blocks, [`Shape::blocks`] of them.
    pub blocks: &'a [Block],
    /// What they hold.
    pub shape: Shape,
}

impl<'a> Identifier<'a> {
    /// The identifier that is a text, in the blocks of a buffer.
    #[must_use]
    pub fn of(text: &[u8], buffer: &'a mut Vec<Block>) -> Self {
        buffer.clear();
        let shape = push(buffer, text);
        Self { blocks: buffer, shape }
    }

    /// Whether it is the empty text: no identifier.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.shape.0 == 0
    }

    /// The text that it was made of.
    #[must_use]
    pub fn text(self) -> Vec<u8> {
        self.with_text(<[u8]>::to_vec)
    }

    /// What `then` gives for that text, of which no copy is kept.
    pub fn with_text<T>(self, then: impl FnOnce(&[u8]) -> T) -> T {
        let Some((_, ten)) = self.shape.as_digits() else {
            return then(&self.blocks.as_flattened()[..self.shape.0 as usize]);
        };
        let mut text = [[0; DIGITS]; LONGEST / DIGITS];
        for (digits, block) in text.iter_mut().zip(self.blocks) {
            *digits = unpack(block, ten);
        }
        then(&text.as_flattened()[..DIGITS * self.blocks.len()])
    }
}

/// Adds the blocks of an identifier at the end.
#[inline]
pub fn push(blocks: &mut Vec<Block>, text: &[u8]) -> Shape {
    if !text.is_empty()
        && text.len() <= LONGEST
        && let (digits, []) = text.as_chunks::<DIGITS>()
    {
        let before = blocks.len();
        for (letter, ten) in TENS.into_iter().enumerate() {
            let packed = digits.iter().map_while(|digits| pack(digits, ten));
            packed.for_each(|block| blocks.push(block));
            if blocks.len() - before == digits.len() {
                return Shape::digits(digits.len(), letter);
            }
            blocks.truncate(before);
        }
    }
    let (whole, rest) = text.as_chunks();
    whole.iter().for_each(|&block| blocks.push(block));
    if !rest.is_empty() {
        let mut block = Block::default();
        block[..rest.len()].copy_from_slice(rest);
        blocks.push(block);
    }
    Shape::text(text.len())
}

/// Two digits a byte, if all are digits: those of the first half in the high bits, those of the second in
/// the low ones, which takes a few instructions for all of them.
#[inline]
fn pack(text: &[u8; DIGITS], ten: u8) -> Option<Block> {
    let value = |text: u8| {
        let (number, letter) = (text.wrapping_sub(b'0'), text.wrapping_sub(ten));
        if number < 10 {
            number
        } else if letter < 6 {
            letter + 10
        } else {
            u8::MAX
        }
    };
    let mut digits = *text;
    let mut all = 0;
    for digit in &mut digits {
        *digit = value(*digit);
        all |= *digit;
    }
    let (high, low) = digits.split_at(DIGITS / 2);
    let mut block = Block::default();
    for (byte, (high, low)) in block.iter_mut().zip(high.iter().zip(low)) {
        *byte = high << 4 | low;
    }
    (all < 16).then_some(block)
}

/// The digits of a block.
#[inline]
fn unpack(block: &Block, ten: u8) -> [u8; DIGITS] {
    let text = |value: u8| if value < 10 { b'0' + value } else { ten + (value - 10) };
    let mut digits = [0; DIGITS];
    let (high, low) = digits.split_at_mut(DIGITS / 2);
    for (byte, (high, low)) in block.iter().zip(high.iter_mut().zip(low)) {
        (*high, *low) = (text(byte >> 4), text(byte & 15));
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn held(text: &[u8]) -> (Vec<Block>, Shape) {
        let mut blocks = vec![[7; 16]];
        let shape = push(&mut blocks, text);
        (blocks.split_off(1), shape)
    }

    #[test]
    fn digests_take_two_digits_a_byte() {
        let digits = "0123456789abcdefABCDEF";
        let upper = "00112233445566778899AABBCCDDEEFF";
        for (text, blocks) in [
            (upper.to_owned(), 1),
            (upper.to_lowercase(), 1),
            (upper.repeat(2), 2),
            (upper.to_lowercase().repeat(4), 4),
            // neither one case nor the other
            (format!("{}aB", &upper[2..]), 2),
            (format!("{upper}{}", upper.to_lowercase()), 4),
            // no digest has so many digits
            (upper[1..].to_owned(), 2),
            (upper.repeat(5), 10),
            (digits.to_owned(), 2),
            (String::new(), 0),
        ] {
            assert_eq!(held(text.as_bytes()).0.len(), blocks, "{text}");
        }
    }

    #[test]
    fn every_byte_that_is_no_digit_makes_a_text_of_it() {
        for other in 0..=u8::MAX {
            for at in [0, 17, 31] {
                let mut text = [b'C'; 32];
                text[at] = other;
                let is_digit = matches!(other, b'0'..=b'9' | b'A'..=b'F');
                let (blocks, shape) = held(&text);
                assert_eq!(blocks.len(), if is_digit { 1 } else { 2 }, "{other}");
                assert_eq!(Identifier { blocks: &blocks, shape }.text(), text);
            }
        }
    }

    proptest! {
        #[test]
        fn texts_come_back_and_no_two_are_held_alike(
            texts in proptest::collection::vec("[0-3a-bA-B]{32}|[0-1A-B]{32}|[0-1a]{64}|[0-9a-z\0]{0,70}|[A-F]{128,160}", 2),
        ) {
            let forms: Vec<_> = texts.iter().map(|text| held(text.as_bytes())).collect();
            for (text, (blocks, shape)) in texts.iter().zip(&forms) {
                let id = Identifier { blocks, shape: *shape };
                prop_assert_eq!(blocks.len(), shape.blocks());
                prop_assert_eq!(id.text(), text.as_bytes());
                prop_assert_eq!(id.is_empty(), text.is_empty());
            }
            prop_assert_eq!(forms[0] == forms[1], texts[0] == texts[1]);
        }
    }
}
