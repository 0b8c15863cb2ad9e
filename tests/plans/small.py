# ruff: noqa: E501 - an entry stays on its line
"""The smallest plan and record that hold every kind of entry, for tests that change one thing."""

PLAN = """\
format: network-plan
version: 1
as_of: 2024-10-30
sources:
  - {key: paper, title: The paper, authors: [Ann Author], published: 2024-10}
network: {name: The Network, founded_on: 2024-05-21, decision_rule: consensus}
members:
  - code: NO
    name: Norway
    status: member
    joined_on: 2024-05-21
    zone: Europe/Oslo
    institute: {name: The Institute, funding: {text: some, usd_per_year: 1000}}
  - {code: KE, name: Kenya, status: observer, joined_on: 2024-11-05, zone: Africa/Nairobi}
functions:
  - {key: research, name: Research}
member_functions:
  - {member: NO, function: research, level: stated}
priorities:
  - {key: tests, title: Tests, theme: goals, horizon: near, question: q1, functions: [research], basis: stated}
deadlines:
  - {key: meeting, title: Meeting, kind: convening, starts_on: 2024-11-20, ends_on: 2024-11-21, host: NO, public: true}
deliverables:
  - {key: words, title: Words, kind: method, priority: tests, deadline: meeting, basis: stated}
  - {key: tools, title: Tools, kind: tool, priority: tests, depends_on: [words], basis: stated}
assignments:
  - {deliverable: words, member: NO, role: lead, state: proposed, why: it can}
meeting_series:
  - {key: plenary, title: Plenary, recurrence: FREQ=MONTHLY;INTERVAL=6, starts_on: 2024-11-20, duration_minutes: 90, basis: stated}
mechanisms:
  - {key: platform, title: Platform}
questions:
  - {key: q1, theme: goals, status: under discussion, title: "What first?"}
bodies:
  - {key: un, name: United Nations, engagements: [{relation: candidate partner, deliverable: tools}]}
timeline:
  - {date: 2023-11-01, until: 2023-11-02, title: A summit}
"""

RECORD = """\
format: network-record
version: 1
plan: plan.yaml
as_of: 2026-02-28
sources:
  - {key: news, title: The news, url: "https://news.example/1"}
added:
  deliverables:
    - {key: trial, from: 2024-11-20, title: Trial, kind: event, priority: tests, depends_on: [tools], basis: stated, source: news}
updates:
  - {date: 2024-11-20, deliverable: words, status: delivered, source: news}
  - {date: 2024-11-22, deliverable: trial, status: in_progress, health: on_track, progress: 10, source: news}
assignments:
  - {date: 2024-11-20, deliverable: trial, member: KE, role: contributor, state: accepted, source: news}
contributions:
  - {date: 2024-11-20, member: NO, kind: money, amount: 12.5, currency: NOK, about: research, source: news}
meetings:
  - {series: plenary, starts_on: 2024-11-20, ends_on: 2024-11-21, place: Oslo, status: held, source: news}
leadership:
  - {date: 2024-11-20, member: NO, title: Chair, source: news}
renamed:
  - {date: 2025-12-31, precision: year, what: institute, member: NO, to: The Other Institute, source: news}
institutes:
  - {date: 2025-11, member: KE, name: New Institute, announced_only: true, source: news}
"""
