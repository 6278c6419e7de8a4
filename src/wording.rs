//! Numbers and tables as people read them.

/// A whole number with commas between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An error with its causes; one that its effect tells already is not repeated.
pub fn causes(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Rows as a text table: numbers to the right, texts to the left, columns as wide as they need.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let columns = heading.len();
    let mut widths: Vec<usize> = heading.iter().map(|text| text.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let is_number: Vec<bool> = (0..columns)
        .map(|n| {
            rows.iter().filter_map(|row| row.get(n)).all(|cell| {
                cell.is_empty()
                    || cell.starts_with(|c: char| c.is_ascii_digit() || "[-".contains(c))
            })
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let mut text = String::new();
        for (n, cell) in cells.iter().enumerate() {
            let width = widths.get(n).copied().unwrap_or(0);
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            let right = is_number.get(n).copied().unwrap_or(false);
            let (before, after) = if right { (pad.as_str(), "") } else { ("", pad.as_str()) };
            text.push_str(&format!("{before}{cell}{after}  "));
        }
        text.trim_end().to_owned() + "\n"
    };
    let mut text = line(heading.to_vec());
    text.push_str(&line(widths.iter().map(|_| "").collect()).replace('\n', ""));
    text.push_str(
        &(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  ") + "\n"),
    );
    for row in rows {
        text.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(12_345_678), "12,345,678");
    }

    #[test]
    fn numbers_stand_to_the_right() {
        let rows = vec![vec!["a".into(), "5".into()], vec!["bcd".into(), "1,000".into()]];
        assert_eq!(
            table(&["name", "n"], &rows),
            "name      n\n----  -----\na         5\nbcd   1,000\n"
        );
    }
}
