//! Stage 3 of the published code: what answered each request.

use super::counts::Band;
use super::pool::{Event, Kind};
use throughcare_linkage::day::Day;

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub start: Day,
    pub kind: Kind,
    pub band: Option<Band>,
    /// As in [`Event`].
    pub code: i32,
}

/// A request, and what answered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// First day of the request.
    pub start: Day,
    /// Band of the request.
    pub band: Option<Band>,
    /// The first response.
    pub response: Option<Answer>,
    /// The first service, unless assessments before it led to none.
    pub service: Option<Answer>,
    /// The first response is an assessment, and it and those that follow it led to no service.
    pub leads_nowhere: bool,
    /// It runs into what answered an earlier request, and does not count.
    pub overlaps: bool,
}

impl Wait {
    /// Whether the request still waits for a response at the end of a day.
    pub(super) fn waits_for_response(&self, day: Day) -> bool {
        !self.overlaps
            && self.start <= day
            && self.response.is_none_or(|response| response.start > day)
    }

    /// Whether it still waits for a service: not once it was assessed without one in sight.
    pub(super) fn waits_for_service(&self, day: Day) -> bool {
        let refused = self.leads_nowhere && !self.waits_for_response(day);
        !self.overlaps
            && self.start <= day
            && !refused
            && self.service.is_none_or(|service| service.start > day)
    }
}

/// The pool of one person in one council, in its order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits<'a> {
    pub release_2_from: Day,
    pub pool: &'a [Event],
}

impl Waits<'_> {
    /// Fills `waits` with the requests of the pool in their order. Orders count from 1.
    pub(super) fn find(self, waits: &mut Vec<Wait>) {
        waits.clear();
        let mut last_answer = 0; // of the request before
        let (mut last_response, mut last_service) = (0, 0); // of all requests before
        for (position, request) in self.pool.iter().enumerate() {
            if request.kind != Kind::Request {
                continue;
            }
            let order = position + 1;
            let (response, service, leads_nowhere) = self.answers(position, request);
            let overlaps = last_answer > order
                || response.is_some_and(|response| response <= last_response)
                || service.is_some_and(|service| service <= last_service);
            last_answer = response.max(service).unwrap_or(0);
            last_response = last_response.max(response.unwrap_or(0));
            last_service = last_service.max(service.unwrap_or(0));
            waits.push(Wait {
                start: request.start,
                band: request.band,
                response: response.and_then(|order| self.answer(order)),
                service: service.and_then(|order| self.answer(order)),
                leads_nowhere,
                overlaps,
            });
        }
    }

    /// Orders of the first response and of the first service, and whether assessment led nowhere.
    fn answers(self, position: usize, request: &Event) -> (Option<usize>, Option<usize>, bool) {
        let first = |kind| {
            let later = self.pool.iter().enumerate().skip(position + 1);
            later.filter(|(_, event)| event.kind == kind).map(|(n, _)| n + 1).next()
        };
        let (assessment, service) = (first(Kind::Assessment), first(Kind::Service));
        let assessed_later = assessment
            .and_then(|order| self.pool.get(order - 1))
            .is_none_or(|assessment| request.start < assessment.start);
        let mut response = assessment;
        if request.start < self.release_2_from
            && request.conversation
            && request.progresses
            && assessed_later
        {
            response = Some(position + 1);
        }
        if let Some(service) = service
            && response.is_none_or(|response| response > service)
        {
            response = Some(service);
        }
        let leads_nowhere = response.is_some_and(|order| self.block_leads_nowhere(order));
        (response, service.filter(|_| !leads_nowhere), leads_nowhere)
    }

    /// Whether the event at an order is an assessment and no assessment of its block, those without a
    /// request or service between, leads to a service.
    fn block_leads_nowhere(self, order: usize) -> bool {
        let is_assessment = |event: &&Event| event.kind == Kind::Assessment;
        let (before, from) = self.pool.split_at(order - 1);
        if from.first().is_none_or(|event| event.kind != Kind::Assessment) {
            return false;
        }
        let earlier = before.iter().rev().take_while(is_assessment);
        let mut block = earlier.chain(from.iter().take_while(is_assessment));
        !block.any(|assessment| assessment.progresses)
    }

    fn answer(self, order: usize) -> Option<Answer> {
        let &Event { start, kind, band, code, .. } = self.pool.get(order.checked_sub(1)?)?;
        Some(Answer { start, kind, band, code })
    }
}
