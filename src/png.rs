//! Pictures in pixels, in builds with the feature `png`.

use crate::commands::WrongUsage;

/// Refuses PNG in a build without it.
pub fn check() -> anyhow::Result<()> {
    if cfg!(feature = "png") {
        return Ok(());
    }
    let what = "--format png: this throughcare was built without it; take --format svg, which every \
                browser shows, or build with: cargo install --path . --features png";
    Err(WrongUsage(what.into()).into())
}

#[cfg(not(feature = "png"))]
pub fn of_svg(_: &str) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("this throughcare was built without PNG")
}

#[cfg(feature = "png")]
pub use with_resvg::of_svg;

#[cfg(feature = "png")]
mod with_resvg {
    use anyhow::{Context, ensure};
    use resvg::usvg::fontdb::{Database, Family, Query};
    use resvg::{tiny_skia, usvg};
    use std::sync::Arc;

    /// Fonts without serifs that pictures look well in, the first that is there.
    const FONTS: [&str; 8] = [
        "Arial",
        "Liberation Sans",
        "Helvetica",
        "DejaVu Sans",
        "Noto Sans",
        "Open Sans",
        "Segoe UI",
        "FreeSans",
    ];

    /// A picture of two pixels a unit, with the fonts of this machine.
    pub fn of_svg(svg: &str) -> anyhow::Result<Vec<u8>> {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        with_fonts(svg, fonts)
    }

    fn with_fonts(svg: &str, mut fonts: Database) -> anyhow::Result<Vec<u8>> {
        let has = |name: &&&str| {
            let query = Query { families: &[Family::Name(name)], ..Query::default() };
            fonts.query(&query).is_some()
        };
        let known = FONTS.iter().find(has).map(|name| (*name).to_owned());
        let any = || fonts.faces().next().and_then(|face| Some(face.families.first()?.0.clone()));
        let font = known.or_else(any).context(
            "no fonts are installed on this machine, so a PNG would have no words: install some, such as \
             fonts-dejavu-core, or take --format svg, which needs none",
        )?;
        fonts.set_sans_serif_family(font.clone());
        fonts.set_serif_family(font);
        let options = usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() };
        let tree = usvg::Tree::from_str(svg, &options).context("the picture cannot be drawn")?;
        ensure!(
            has_all_words(tree.root()),
            "the fonts of this machine lack letters of the picture: install more, such as \
             fonts-dejavu-core, or take --format svg"
        );
        let size = tree.size().to_int_size().scale_by(2.0).context("the picture is empty")?;
        let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height())
            .context("the picture is too large for PNG; take --format svg")?;
        resvg::render(&tree, tiny_skia::Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
        pixels.encode_png().context("the picture cannot be encoded")
    }

    /// Whether every text became shapes: one whose letters no font has is dropped.
    fn has_all_words(group: &usvg::Group) -> bool {
        group.children().iter().all(|node| match node {
            usvg::Node::Group(group) => has_all_words(group),
            usvg::Node::Text(text) => !text.flattened().children().is_empty(),
            _ => true,
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"20\">\
            <text x=\"2\" y=\"15\" font-family=\"Arial, Helvetica, sans-serif\" font-size=\"12\">Home</text></svg>";

        #[test]
        fn a_machine_without_fonts_is_told_so() {
            let error = with_fonts(PICTURE, Database::new()).unwrap_err().to_string();
            assert!(error.contains("no fonts are installed"), "{error}");
        }

        #[test]
        fn words_are_drawn_in_whatever_font_there_is() {
            let mut fonts = Database::new();
            fonts.load_system_fonts();
            if fonts.is_empty() {
                return;
            }
            let drawn = with_fonts(PICTURE, fonts.clone()).unwrap();
            let blank = with_fonts(&PICTURE.replace("Home", " "), fonts);
            assert_eq!(drawn[1..4], *b"PNG");
            assert!(blank.is_err() || blank.unwrap() != drawn);
        }
    }
}
