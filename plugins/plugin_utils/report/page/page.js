/* Copyright (c) 2026, the containment.docker authors
   GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later
*/
"use strict";
(() => {
  // The shape of the data is told in fleet_data.py. Names and messages come from hosts and containers: they become text nodes only.
  const data = JSON.parse(document.getElementById("data").textContent);
  const { texts, rules, hosts, findings, actions } = data;
  const [HOST, RULE, SUBJECT, STATUS, SEVERITY, MESSAGE, CONFIGURED, EFFECTIVE, KERNEL, WHY, WAIVER, CAUSE, REQUEST, NEW] = Array(14).keys();
  const STATUSES = ["fail", "unknown", "waived", "pass"];
  const SEVERITIES = ["low", "medium", "high", "critical"];
  const LAYERS = { "+": "holds", "-": "does not hold", "?": "unknown" };
  const CELLS = {
    C: ["critical", "C", "fails, critical"], H: ["high", "H", "fails, high"], M: ["medium", "M", "fails, medium"],
    L: ["low", "L", "fails, low"], u: ["unknown", "?", "unknown"], w: ["waived", "w", "waived"], p: ["pass", "·", "holds"],
    "-": ["", "", "does not apply"],
  };
  const PAGE = 50;
  const HOSTS = 20; // rows of the map: as many as its box shows
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const list = byId("list");
  const heat = byId("heat");
  const lower = texts.map((text) => text.toLowerCase());
  let state = {};
  let matching = [];
  let shownHosts = [];
  const drawnRows = new Map(); // a host's row of the map, made once
  const columns = rules.map((_, index) => index).filter((index) => rules[index].seen);
  let drawn = null; // what the map was last drawn for
  let marked = null; // the column of the rule that is filtered by

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const textOf = (index) => (index < 0 ? "" : texts[index]);

  function options(name, values) {
    form.elements[name].append(...values.map(([value, label]) => element("option", { value, textContent: label })));
  }

  function readState() {
    const given = new URLSearchParams(location.hash.slice(1));
    state = {};
    for (const name of ["q", "host", "group", "rule", "severity", "status", "new", "action"]) {
      if (given.get(name)) state[name] = given.get(name);
    }
    for (const control of form.elements) {
      if (!control.name) continue;
      if (control.type === "checkbox") control.checked = state[control.name] === "1";
      else control.value = state[control.name] || "";
    }
  }

  function writeState(change) {
    const next = { ...state, ...change };
    const query = new URLSearchParams(Object.entries(next).filter(([, value]) => value));
    history.replaceState(null, "", `#${query}`);
    apply();
  }

  function hostFilter() {
    const group = state.group;
    return hosts.map((host) => (!state.host || host.name === state.host) && (!group || host.groups.includes(group)));
  }

  function textFilter() {
    const query = (state.q || "").trim().toLowerCase();
    if (!query) return () => true;
    const inText = lower.map((text) => text.includes(query));
    const inHost = hosts.map((host) => host.name.toLowerCase().includes(query));
    const inRule = rules.map((rule) => `${rule.id} ${rule.title}`.toLowerCase().includes(query));
    return (f) => inHost[f[HOST]] || inRule[f[RULE]] || inText[f[SUBJECT]] || inText[f[MESSAGE]] || (f[WHY] >= 0 && inText[f[WHY]])
      || [CONFIGURED, EFFECTIVE, KERNEL].some((at) => f[at] >= 0 && inText[f[at]]);
  }

  function apply() {
    readState();
    const wanted = hostFilter();
    const hasText = textFilter();
    const rule = state.rule ? rules.findIndex((item) => item.id === state.rule) : -1;
    const severity = state.severity ? SEVERITIES.indexOf(state.severity) : -1;
    const status = state.status ? STATUSES.indexOf(state.status) : -1;
    const action = actions[state.action];
    const ofAction = action && { hosts: new Set(action.hosts), rules: new Set(action.rules) };
    matching = findings.filter((f) => wanted[f[HOST]] && (rule < 0 ? !state.rule : f[RULE] === rule)
      && (severity < 0 || f[SEVERITY] === severity) && (status < 0 || f[STATUS] === status) && (!state.new || f[NEW])
      && (!ofAction || (ofAction.hosts.has(f[HOST]) && ofAction.rules.has(f[RULE]) && f[STATUS] < 2)) && hasText(f));
    list.replaceChildren();
    more();
    const filtered = Object.keys(state).length > 0;
    byId("count").textContent = `${matching.length}${filtered ? ` of ${findings.length}` : ""} findings`
      + (action ? " that this ends: " + action.sentence : "");
    markColumn(rule);
    const map = JSON.stringify([state.host, state.group]);
    if (map !== drawn) {
      drawn = map;
      shownHosts = hosts.map((_, index) => index).filter((index) => wanted[index] && hosts[index].cells);
      heat.tBodies[0].replaceChildren();
      moreHosts();
    }
  }

  function layer(f, at, name) {
    if (f[at] < 0) return null;
    const text = texts[f[at]];
    return element("tr", {}, element("th", { scope: "row", textContent: name }), element("td", { textContent: LAYERS[text[0]] }),
      element("td", { textContent: text.slice(1) }));
  }

  function fill(box, f) {
    const rule = rules[f[RULE]];
    const body = element("div", { className: "body" });
    const rows = [layer(f, CONFIGURED, "configured"), layer(f, EFFECTIVE, "in force"), layer(f, KERNEL, "kernel")].filter(Boolean);
    const line = (label, text) => text && body.append(element("p", {}, element("b", { textContent: `${label}: ` }), text));
    line("Rule", `${rule.title}${rule.references ? ` (${rule.references})` : ""}`);
    if (rows.length) {
      const head = element("tr", {}, ...["Layer", "Says", "Evidence"].map((text) => element("th", { scope: "col", textContent: text })));
      body.append(element("div", { className: "scroll", tabIndex: 0, role: "group", ariaLabel: "What each layer says" },
        element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))));
    }
    line("Layers disagree", textOf(f[WHY]));
    line("Caused by", textOf(f[CAUSE]));
    line("Why it matters", rule.rationale);
    line("What to do", rule.remediation);
    if (f[WAIVER] >= 0) {
      const waiver = data.waivers[f[WAIVER]];
      line("Waiver", `${waiver.reason} (${waiver.owner}, until ${waiver.expires}${waiver.expired ? ", expired" : ""})`);
    }
    line("Asks for a waiver", textOf(f[REQUEST]));
    box.append(body);
  }

  function row(f) {
    const status = STATUSES[f[STATUS]];
    const severity = SEVERITIES[f[SEVERITY]];
    const summary = element("summary", {},
      element("span", { className: `badge ${status === "fail" ? severity : status}`, textContent: status === "fail" ? severity : status }),
      element("b", { textContent: rules[f[RULE]].id }), " ",
      element("span", { className: "where", textContent: `${hosts[f[HOST]].name}, ${texts[f[SUBJECT]]}${f[NEW] ? ", new" : ""}` }), " ",
      textOf(f[MESSAGE]));
    const box = element("details", {}, summary);
    box.addEventListener("toggle", () => { if (box.open && !box.querySelector(".body")) fill(box, f); });
    return box;
  }

  function more() {
    const first = list.childElementCount;
    list.append(...matching.slice(first, first + PAGE).map(row));
    const left = matching.length - list.childElementCount;
    byId("more-findings").hidden = left <= 0;
    byId("more-findings").textContent = `Show ${Math.min(left, PAGE)} more of ${left} findings`;
    if (first) list.children[first].querySelector("summary").focus();
  }

  function drawHead() {
    heat.style.setProperty("--columns", columns.length); // with the widths known, a row is laid out without looking at its cells
    heat.tHead.append(element("tr", {}, element("th", { scope: "col", textContent: "Host" }), ...columns.map((index) => {
      const button = { type: "button", textContent: rules[index].id, title: rules[index].title, value: index, ariaPressed: "false" };
      return element("th", { scope: "col" }, element("button", button));
    })));
  }

  function markColumn(rule) {
    if (rule === marked) return;
    marked = rule;
    for (const button of heat.tHead.querySelectorAll("button")) button.ariaPressed = String(Number(button.value) === rule);
  }

  function hostRow(index) {
    if (!drawnRows.has(index)) {
      const name = element("th", { scope: "row" }, element("button", { type: "button", textContent: hosts[index].name, value: index }));
      drawnRows.set(index, element("tr", {}, name, ...columns.map((at) => {
        const [kind, sign, words] = CELLS[hosts[index].cells[at]];
        return element("td", { className: kind, textContent: sign, tabIndex: -1, title: words });
      })));
    }
    return drawnRows.get(index);
  }

  function moreHosts() {
    const body = heat.tBodies[0];
    const first = body.rows.length;
    body.append(...shownHosts.slice(first, first + HOSTS).map(hostRow));
    if (!first && body.rows.length && columns.length) {
      for (const cell of body.querySelectorAll("td[tabindex='0']")) cell.tabIndex = -1;
      body.rows[0].cells[1].tabIndex = 0;
    }
    const left = shownHosts.length - body.rows.length;
    byId("more-hosts").hidden = left <= 0;
    byId("more-hosts").textContent = `Show ${Math.min(left, HOSTS)} more of ${left} hosts`;
  }

  function chooseCell(cell) {
    const host = hosts[shownHosts[cell.parentElement.sectionRowIndex]].name;
    writeState({ host, rule: rules[columns[cell.cellIndex - 1]].id, action: "" });
    byId("findings").focus();
    byId("findings").scrollIntoView();
  }

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  heat.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      chooseCell(cell);
    } else if (STEPS[event.key]) {
      event.preventDefault();
      const [down, right] = STEPS[event.key];
      const next = heat.tBodies[0].rows[cell.parentElement.sectionRowIndex + down]?.cells[cell.cellIndex + right];
      if (next?.tagName !== "TD") return;
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });
  heat.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const cell = event.target.closest("td");
    if (button?.closest("thead")) writeState({ rule: button.ariaPressed === "true" ? "" : rules[button.value].id });
    else if (button) writeState({ host: state.host ? "" : hosts[button.value].name });
    else if (cell) chooseCell(cell);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const control = event.target;
    writeState({ [control.name]: control.type === "checkbox" ? (control.checked ? "1" : "") : control.value });
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    state = {};
    writeState({});
  });
  byId("more-findings").addEventListener("click", more);
  byId("more-hosts").addEventListener("click", moreHosts);
  byId("show-new")?.addEventListener("click", () => { state = {}; writeState({ new: "1" }); byId("findings").scrollIntoView(); });
  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => {
      state = {};
      writeState({ action: button.dataset.action });
      byId("findings").focus();
      byId("findings").scrollIntoView();
    });
  }
  window.addEventListener("hashchange", () => { if (!/^#findings$/.test(location.hash)) apply(); });

  options("host", hosts.map((host) => [host.name, host.name + (host.cells ? "" : " (not audited)")]).sort());
  options("group", [...new Set(hosts.flatMap((host) => host.groups))].sort().map((name) => [name, name]));
  options("rule", rules.filter((rule) => rule.seen).map((rule) => [rule.id, rule.id]));
  options("severity", [...SEVERITIES].reverse().map((name) => [name, name]));
  options("status", STATUSES.map((name) => [name, name === "pass" ? "pass, but layers disagree" : name]));
  byId("legend").append(...Object.values(CELLS).filter(([kind]) => kind).map(([kind, sign, words]) =>
    element("span", { className: kind, textContent: `${sign} ${words}` })));
  drawHead();
  apply();
})();
