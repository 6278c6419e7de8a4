//! The whole of a person's hospital records, in the order of X-03.

use super::cleaning::{DESTINATION_UNFINISHED, Route, count_flags, route};
use super::codes::{EpisodeCodes, NO_CODES};
use super::counts::HospitalCounts;
use super::death::{self, Deaths, KnownDeaths};
use super::duplicate::{NaturalKey, keep_one_of_each};
use super::hygiene::Absorbed;
use super::order::TextOrder;
use super::settings::{HospitalSettings, Rules};
use super::spell::{Builder, Draft, Member, same_day};
use super::stay::{Cips, EndKind, Spell};
use super::{cips, dates, hygiene};
use crate::codes::short::Code;
use crate::day::{Day, OptDay};
use crate::records::apc::Episode;

/// Buffers that are reused from person to person.
#[derive(Debug, Default)]
pub struct Scratch {
    keys: Vec<(NaturalKey, u32)>,
    kept: Vec<u32>,
    members: Vec<Member>,
    drafts: Vec<Draft>,
    regular: Vec<Draft>,
    absorbed: Vec<Absorbed>,
    pub(super) visits: Vec<super::attendance::Visit>,
    pub(super) pairs: Vec<super::attendance::Pair>,
}

/// Builds provider spells and continuous inpatient spells. Made once for a run.
#[derive(Clone, Debug)]
pub struct Stays {
    pub(super) settings: HospitalSettings,
    pub(super) rules: Rules,
    pub(super) texts: TextOrder,
    extract: Day,
}

impl Stays {
    /// Stays under these settings. `extract_date` is the last day that the hospital files can know
    /// of, unless the settings name one; `providers` are the provider codes by their dictionary
    /// number (`Texts::provider`), whose order as texts breaks ties.
    #[must_use]
    pub fn new(settings: &HospitalSettings, extract_date: Day, providers: &[Box<str>]) -> Self {
        Self {
            settings: settings.clone(),
            rules: settings.rules(),
            texts: TextOrder::new(providers),
            extract: settings.extract_date.unwrap_or(extract_date),
        }
    }

    /// Adds the texts of LSOAs and councils (`Texts::lsoa`, `Texts::la`) by number. Without them two
    /// rows that differ in nothing but those are ordered by their place in the input.
    #[must_use]
    pub fn with_areas(mut self, lsoas: &[Box<str>], councils: &[Box<str>]) -> Self {
        self.texts = self.texts.with_areas(lsoas, councils);
        self
    }

    /// The rules in force: the profile with its overrides, for the log of a run.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The last day that the hospital files can know of.
    #[must_use]
    pub const fn extract_date(&self) -> Day {
        self.extract
    }

    /// Builds the spells and stays of one person from all admitted patient care rows, in any order,
    /// and what other files say of the death (a day alone is a registered one). `spells` and `stays` are emptied first; spells end up in
    /// the same-day order and stays in the order of their first spells. Rows without a person
    /// (`known_person` false) are counted and give no spell.
    ///
    /// Returns the dates of death: the one in hospital as the records have it, before H2 and H4 cut
    /// any discharge, and the one used.
    #[expect(
        clippy::too_many_arguments,
        reason = "buffers that outlive a person come from outside"
    )]
    pub fn build(
        &self,
        episodes: &[Episode],
        known_deaths: impl Into<KnownDeaths>,
        known_person: bool,
        scratch: &mut Scratch,
        spells: &mut Vec<Spell>,
        stays: &mut Vec<Cips>,
        counts: &mut HospitalCounts,
    ) -> Deaths {
        let codes = &NO_CODES;
        self.build_with_codes(
            episodes,
            codes,
            known_deaths,
            known_person,
            scratch,
            spells,
            stays,
            counts,
        )
    }

    /// [`Stays::build`] for rows whose diagnoses and operations are kept: they decide which of two rows
    /// stays that agree in everything else.
    #[expect(
        clippy::too_many_arguments,
        reason = "buffers that outlive a person come from outside"
    )]
    pub fn build_with_codes(
        &self,
        episodes: &[Episode],
        codes: &EpisodeCodes,
        known_deaths: impl Into<KnownDeaths>,
        known_person: bool,
        scratch: &mut Scratch,
        spells: &mut Vec<Spell>,
        stays: &mut Vec<Cips>,
        counts: &mut HospitalCounts,
    ) -> Deaths {
        spells.clear();
        stays.clear();
        let known = known_deaths.into();
        let none = known.with(known.emergency_care);
        if episodes.is_empty() {
            return none;
        }
        for episode in episodes {
            count_flags(episode, known_person, counts);
        }
        if self.settings.remove_duplicates {
            let Scratch { keys, kept, .. } = scratch;
            keep_one_of_each(episodes, codes, &self.texts, keys, kept, counts);
        } else {
            scratch.kept.clear();
            scratch.kept.extend(0..episodes.len() as u32);
        }
        if !known_person {
            counts.no_person.first += scratch.kept.len() as u64;
            return none;
        }
        self.drafts(episodes, scratch, counts);
        let drafts = &mut scratch.drafts;
        dates::check(drafts, &self.settings, self.extract, counts);
        take_regular(drafts, &mut scratch.regular);
        let deaths = death::before_ends(drafts, &self.settings, known, counts);
        let settings = &self.settings;
        dates::fill_ends(drafts, settings, &self.texts, self.extract, deaths.used, counts);
        death::cut_ends(drafts, settings, known.registered, deaths, counts);
        dates::look_over(drafts, settings, counts);
        hygiene::tidy(drafts, settings, &self.texts, &mut scratch.absorbed, counts);
        self.bring_back_regular(drafts, &mut scratch.regular, deaths, counts);
        for draft in &scratch.drafts {
            counts.member_rows += u64::from(draft.rows);
            let mut spell = draft.spell;
            // the code has said what it meant: not finished (M)
            let imputed = !matches!(spell.end_kind, EndKind::Observed | EndKind::Death);
            if imputed && spell.destination == DESTINATION_UNFINISHED {
                spell.destination = Code::NONE;
            }
            spells.push(spell);
        }
        self.join(spells, deaths.used, stays, counts);
        deaths
    }

    /// The episodes of each spell that [`Stays::build`] has just made, those of absorbed spells among
    /// them: pairs of places of a spell and an episode, in no particular order.
    pub fn episodes_of_spells(scratch: &Scratch, pairs: &mut Vec<(u32, u32)>) {
        pairs.clear();
        let Scratch { drafts, absorbed, members, .. } = scratch;
        let mut add = |spell: usize, (start, end): (u32, u32)| {
            let rows = members.get(start as usize..end as usize).unwrap_or_default();
            let rows = rows.iter().filter(|member| member.route != Route::InvalidHes);
            pairs.extend(rows.map(|member| (spell as u32, member.row)));
        };
        for (n, draft) in drafts.iter().enumerate() {
            add(n, draft.members);
        }
        for gone in absorbed {
            // the spell that took it in may have been taken in by another
            let mut by = gone.by;
            while let Some(next) = absorbed.iter().find(|other| other.spell == by) {
                by = next.by;
            }
            if let Some(n) = drafts.iter().position(|draft| draft.sequence == by) {
                add(n, gone.members);
            }
        }
    }

    /// Joins the spells of one person that are clean and in the same-day order (I). `died_on` is the
    /// date of death, whatever its source. `stays` is emptied first; each spell gets the number of its
    /// stay.
    pub fn join(
        &self,
        spells: &mut [Spell],
        died_on: OptDay,
        stays: &mut Vec<Cips>,
        counts: &mut HospitalCounts,
    ) {
        stays.clear();
        cips::join(&self.rules, spells, died_on, stays, counts);
    }

    /// The earliest discharge as dead among stays that are already built (H1).
    #[must_use]
    pub fn hospital_death(stays: &[Cips]) -> OptDay {
        death::hospital_death(stays)
    }

    fn drafts(&self, episodes: &[Episode], scratch: &mut Scratch, counts: &mut HospitalCounts) {
        scratch.members.clear();
        scratch.drafts.clear();
        scratch.absorbed.clear();
        for &row in &scratch.kept {
            let Some(episode) = episodes.get(row as usize) else { continue };
            let (route, regular) = route(episode, &self.settings, &self.rules, counts);
            if route != Route::LeftOut {
                let spell_key = episode.spell_key;
                scratch.members.push(Member { row, route, regular, spell_key });
            }
        }
        let builder =
            Builder { episodes, settings: &self.settings, rules: &self.rules, texts: &self.texts };
        builder.spells(&mut scratch.members, &mut scratch.drafts, counts);
    }

    /// just before joining, with the admission date for a missing end. Those admitted after
    /// the death stay away (H3), and no end is after it.
    fn bring_back_regular(
        &self,
        drafts: &mut Vec<Draft>,
        regular: &mut [Draft],
        deaths: Deaths,
        counts: &mut HospitalCounts,
    ) {
        if regular.is_empty() {
            return;
        }
        let death = deaths.used.get().filter(|_| self.settings.death_consistency);
        for draft in regular {
            if draft.discharge.is_none() {
                draft.set_end(draft.spell.admission, EndKind::Observed);
            }
            if death.is_some_and(|death| draft.spell.admission > death) {
                counts.h3 += 1;
                counts.postdeath.total += u64::from(draft.rows);
                counts.postdeath.first += u64::from(draft.rows);
                continue;
            }
            if let Some(death) = death.filter(|&death| draft.spell.discharge > death) {
                draft.set_end(death, EndKind::Death);
                counts.h2_cut += 1;
            }
            counts.regular_spells += 1;
            drafts.push(*draft);
        }
        drafts.sort_unstable_by(|a, b| same_day(self.settings.same_day_order, &self.texts, a, b));
    }
}

/// Moves the spells of regular attenders out of the way.
fn take_regular(drafts: &mut Vec<Draft>, regular: &mut Vec<Draft>) {
    regular.clear();
    drafts.retain(|draft| {
        if draft.regular {
            regular.push(*draft);
        }
        !draft.regular
    });
}

#[cfg(test)]
mod tests;
