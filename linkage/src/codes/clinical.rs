//! Diagnosis and operation codes in one spelling (`sus-fields.md` section 7).
//!
//! A cell may hold one code or, as `||E119 ,J849 ||N390` does, every code of a spell: two bars open
//! each episode, commas separate codes. Lists in brackets and quotation marks are read too.

/// A normalised code: up to six capital letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClinicalCode {
    bytes: [u8; MOST],
    length: u8,
}

/// The longest code.
const MOST: usize = 6;

impl ClinicalCode {
    /// The code as text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.bytes
            .get(..usize::from(self.length))
            .and_then(|c| str::from_utf8(c).ok())
            .unwrap_or("")
    }

    /// Letters and digits of a text in upper case, as many as fit.
    fn squeeze(text: &str) -> Self {
        let mut code = Self { bytes: [0; MOST], length: 0 };
        for (slot, c) in code.bytes.iter_mut().zip(text.bytes().filter(u8::is_ascii_alphanumeric)) {
            *slot = c.to_ascii_uppercase();
            code.length += 1;
        }
        code
    }

    fn cut(&mut self, length: u8) {
        self.length = length;
    }

    /// A diagnosis (ICD-10): no dot and no blank; without the dagger or asterisk letter at the end and
    /// without the filler `X` that says "no fourth character". `R69` stays, in whichever of its four
    /// spellings: it means "unknown", but carries weight in frailty scores. None when the text is
    /// missing or no code.
    #[must_use]
    pub fn diagnosis(text: &str) -> Option<Self> {
        let mut code = Self::of(text, 3)?;
        let letter = |code: &Self, n: usize| code.bytes.get(n).copied().unwrap_or(0);
        if matches!(code.length, 5 | 6)
            && matches!(letter(&code, usize::from(code.length) - 1), b'D' | b'A')
        {
            code.cut(code.length - 1);
        }
        if code.length >= 4 && letter(&code, 3) == b'X' {
            code.cut(3);
        }
        Some(code)
    }

    /// An operation (OPCS-4): a letter and up to three digits, without a dot. None when the text is
    /// missing or says that there was none: `-`, `&`, `X997`, `X998`, `X999`.
    #[must_use]
    pub fn operation(text: &str) -> Option<Self> {
        let code = Self::of(text, 3)?;
        (!matches!(code.text(), "X997" | "X998" | "X999")).then_some(code)
    }

    /// Letters and digits, at least so many, the first a letter.
    fn of(text: &str, least: u8) -> Option<Self> {
        let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '&' && c != '-');
        if is_missing(text) {
            return None;
        }
        let code = Self::squeeze(text);
        (code.length >= least && code.bytes[0].is_ascii_alphabetic()).then_some(code)
    }

    /// Whether it is the code of "unknown and unspecified causes".
    #[must_use]
    pub fn is_r69(&self) -> bool {
        self.text() == "R69"
    }

    /// A diagnosis of cancer or a chemotherapy session: C00 to C97, D37 to D48, Z51.1 (M0.2).
    #[must_use]
    pub fn is_cancer(&self) -> bool {
        let [letter, tens, ones, fourth, ..] = self.bytes;
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        let number = if digits { (tens - b'0') * 10 + ones - b'0' } else { 100 };
        match letter {
            b'C' => number <= 97,
            b'D' => (37..=48).contains(&number),
            b'Z' => number == 51 && fourth == b'1',
            _ => false,
        }
    }

    /// A diagnosis of chapter O.
    #[must_use]
    pub const fn is_obstetric(&self) -> bool {
        self.bytes[0] == b'O'
    }
}

impl std::fmt::Debug for ClinicalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

/// The missing values that letters alone would not show (`sus-fields.md` section 10).
fn is_missing(text: &str) -> bool {
    ["", "-", "&", "null", "n/a", "na", "none", "not known", "unknown"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// The cells of a text: each code's own text in order, the bars before the first left out. A place
/// without a code gives a text that is no code, so that what comes first stays first.
pub fn places(text: &str) -> impl Iterator<Item = &str> {
    let open = |c: char| c.is_ascii_whitespace() || matches!(c, '|' | '[' | '(' | '{' | '\'' | '"');
    text.trim_start_matches(open).split(['|', ',', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnosis(text: &str) -> String {
        ClinicalCode::diagnosis(text).map_or("none".into(), |code| code.text().into())
    }

    fn operation(text: &str) -> String {
        ClinicalCode::operation(text).map_or("none".into(), |code| code.text().into())
    }

    #[test]
    fn sus7_diagnoses_have_one_spelling() {
        for (raw, wanted) in [
            ("E119", "E119"),
            (" e11.9 ", "E119"),
            ("I10X", "I10"),
            ("I10", "I10"),
            ("i10.x", "I10"),
            ("G01XA", "G01"),
            ("A170D", "A170"),
            ("E1132A", "E1132"),
            ("M0500", "M0500"),
            ("M45X0", "M45"),
            ("I10-", "I10"),
            ("'E119'", "E119"),
            ("[\"E119\"", "E119"),
            ("J449 ", "J449"),
        ] {
            assert_eq!(diagnosis(raw), wanted, "{raw}");
        }
    }

    #[test]
    fn sus7_r69_is_kept_in_all_its_spellings() {
        for raw in ["R69X", "R69X3", "R69X6", "R69X8", "R69", "r69.x"] {
            assert!(ClinicalCode::diagnosis(raw).is_some_and(|code| code.is_r69()), "{raw}");
        }
        assert!(ClinicalCode::diagnosis("R698").is_some_and(|code| !code.is_r69()));
    }

    #[test]
    fn sus7_what_is_missing_is_no_code() {
        for raw in ["", " ", "-", "&", "NULL", "n/a", "None", "unknown", "I1", "119", "1191", "."] {
            assert_eq!(diagnosis(raw), "none", "{raw:?}");
        }
        for raw in ["-", "&", "X997", "X998", "X99.9", "", "NULL", "4", "W3"] {
            assert_eq!(operation(raw), "none", "{raw:?}");
        }
        assert_eq!((operation("w37.1"), operation("X991")), ("W371".into(), "X991".into()));
        // an operation keeps an X and a D at its end
        assert_eq!((operation("X40"), operation("K40X")), ("X40".into(), "K40X".into()));
    }

    #[test]
    fn sus7_the_spell_text_is_split_before_it_is_compared() {
        let codes = |text: &str| places(text).map(diagnosis).collect::<Vec<_>>();
        assert_eq!(
            codes("||E119 ,J849 ,I10X ||N390 ,R296"),
            ["E119", "J849", "I10", "none", "N390", "R296"]
        );
        assert_eq!(codes("E119"), ["E119"]);
        assert_eq!(codes("['E119', 'J849']"), ["E119", "J849"]);
        assert_eq!(codes("\"E119\",\"J849\""), ["E119", "J849"]);
        // the first place stays the first where it has no code
        assert_eq!(codes("||,J849"), ["none", "J849"]);
        assert_eq!(codes("|| ||J849")[0], "J849");
    }

    #[test]
    fn cancer_and_obstetric_codes_are_those_of_the_settings() {
        let cancer =
            |text: &str| ClinicalCode::diagnosis(text).is_some_and(|code| code.is_cancer());
        for text in ["C509", "c97x", "C00", "D37", "D48.9", "Z51.1", "Z511D"] {
            assert!(cancer(text), "{text}");
        }
        for text in ["C98", "D36", "D49", "Z510", "Z51X1", "I10X", "CX1"] {
            assert!(!cancer(text), "{text}");
        }
        assert!(ClinicalCode::diagnosis("O721").is_some_and(|code| code.is_obstetric()));
    }
}
