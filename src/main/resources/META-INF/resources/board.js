/*
 * Keeps the pages live. Each page is complete without this script, which only takes what the server would say on the next
 * request: from /api/events for the table, and from the page itself for the other pages.
 *
 * Names and reasons come from the cluster and from Consul: they are set as text, never as markup.
 */
'use strict';

(() => {
  /* Text ------------------------------------------------------------------------------------------------------------- */

  /** Characters that turn or hide text. The server takes them out of its pages likewise. */
  const UNFIT = /[\p{Cf}\p{Zl}\p{Zp}\p{Cc}]/gu;

  const byId = (id) => document.getElementById(id);
  const fit = (text) => String(text).replace(UNFIT, '\uFFFD');

  function setText(element, text) {
    const clean = fit(text);
    if (element.textContent !== clean) {
      element.textContent = clean;
    }
  }

  /** As Durations and Words have it: one unit. */
  function ago(at, now) {
    const seconds = Math.max(0, Math.floor((now - at) / 1000));
    if (seconds < 60) return `${seconds} s ago`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
    return `${Math.floor(seconds / 86400)} d ago`;
  }

  /* The connection ---------------------------------------------------------------------------------------------------- */

  const RETRY_MS = 5000;
  const SILENCE_MS = 40000; // more than two heartbeats
  const GRACE_MS = 4000; // a short break needs no banner
  const HIDDEN_MS = 10000; // a page that nobody sees frees its connection: browsers have six for each server

  /** The server's clock, so that ages are right on a machine whose clock is not. */
  let skew = 0;
  let lastId = document.body.dataset.since;
  let lastHeard = Date.now();
  let lostSince = 0;
  let source = null;
  let retry = 0;
  let leave = 0;
  const serverNow = () => Date.now() + skew;

  function connect(handlers) {
    clearTimeout(retry);
    source?.close();
    source = new EventSource(`/api/events?since=${encodeURIComponent(lastId)}`);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) lastId = event.lastEventId;
        const data = JSON.parse(event.data);
        heard(data.takenAt);
        handle(data);
      });
    }
    source.onerror = () => {
      lostSince ||= Date.now();
      if (source.readyState === EventSource.CLOSED) {
        retry = setTimeout(() => connect(handlers), RETRY_MS);
      }
    };
  }

  function heard(takenAt) {
    lastHeard = Date.now();
    lostSince = 0;
    const at = Date.parse(takenAt);
    skew = at - lastHeard;
    const taken = byId('taken');
    taken.dateTime = takenAt;
    setText(taken, `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`);
    showLost();
  }

  function showLost() {
    const lost = lostSince !== 0 && Date.now() - lostSince > GRACE_MS;
    byId('lost').hidden = !lost;
    document.body.classList.toggle('stale', lost);
    if (lost) {
      setText(byId('age'), ago(lastHeard, Date.now()).replace(' ago', ''));
    }
  }

  function watch(handlers) {
    setInterval(() => {
      if (source && Date.now() - lastHeard > SILENCE_MS && source.readyState === EventSource.OPEN) {
        lostSince ||= lastHeard;
        connect(handlers);
      }
      showLost();
    }, 1000);
    document.addEventListener('visibilitychange', () => {
      clearTimeout(leave);
      if (document.hidden) {
        leave = setTimeout(() => {
          source?.close();
          source = null;
          clearTimeout(retry);
        }, HIDDEN_MS);
      } else if (!source) {
        lastHeard = Date.now();
        connect(handlers);
      }
    });
    connect(handlers);
  }

  function showBridge(health) {
    for (const [id, status] of [['overall', health.status], ['bridge', health.bridge.status]]) {
      setText(byId(id), status);
      byId(id).dataset.status = status;
    }
    const { problems, flows, sources, leads, leader } = health.bridge;
    const follows = leader ? `; ${leader} leads, and this replica follows it` : '; no replica leads';
    setText(byId('bridge-words'), problems.length > 0
      ? problems.join('; ')
      : `${Object.keys(flows).length} flows and ${Object.keys(sources).length} sources are up${leads ? '' : follows}`);
    setText(byId('pending'), health.services.pending);
    setText(byId('withheld'), health.services.withheld);
  }

  /* The table --------------------------------------------------------------------------------------------------------- */

  function table() {
    const CALM = 40; // so many rows at once are highlighted, and no more
    const REST_MS = 3000; // a pointer that rests so long is not about to click
    const REASONS_MS = 60000;
    const body = document.querySelector('#services tbody');
    const form = byId('filter');
    const search = byId('q');
    const blank = byId('row').content.firstElementChild;
    const rows = new Map();
    const unsettled = new Set();
    let sort = { column: 'service', reversed: false };
    let lastMove = 0;
    let saying = 0;

    /* What a row says; the server's Row says the same. */

    const STATES = ['healthy', 'unhealthy', 'draining', 'unknown'];
    const BAR = ['healthy', 'draining', 'unhealthy', 'unknown'];

    const counted = (pairs) => pairs.filter(([count]) => count > 0).map(([count, kind, word]) => [kind, `${count} ${word ?? kind}`]);

    function sideBadges(counts) {
      if (!counts) return [['absent', 'not there']];
      const all = counted(STATES.map((state) => [counts[state], state]));
      return all.length > 0 ? all : [['absent', 'no instance']];
    }

    function bars(counts) {
      if (!counts) return [];
      const total = STATES.reduce((sum, state) => sum + counts[state], 0);
      return BAR.filter((state) => counts[state] > 0)
        .map((state) => [state, Math.max(1, Math.round((counts[state] * 20) / total))]);
    }

    function noteBadges(service) {
      return [
        ...(service.stale ? [['stale', 'stale']] : []),
        ...counted([[service.disagreements, 'disagree'], [service.withheld, 'withheld'], [service.pending, 'pending'],
          [service.findings, service.findings === 1 ? 'finding' : 'findings']]),
      ];
    }

    function stepBadges({ verdict, legacy }) {
      const answer = (safe, step) => [safe ? 'yes' : 'no', `${step}: ${safe ? 'yes' : 'no'}`];
      return [answer(verdict.shift, 'shift'), legacy ? answer(verdict.stopVms, 'stop VMs') : ['absent', 'no VMs known']];
    }

    function setBadges(cell, badges) {
      const place = cell.querySelector('.badges');
      if (place.textContent === badges.map(([, text]) => `${text} `).join('')) return;
      place.replaceChildren(...badges.flatMap(([kind, text]) => {
        const badge = document.createElement('span');
        badge.className = `badge ${kind}`;
        badge.textContent = text;
        return [badge, ' '];
      }));
    }

    function setBar(cell, parts) {
      cell.querySelector('.bar').replaceChildren(...parts.map(([kind, steps]) => {
        const part = document.createElement('i');
        part.className = `${kind} w${steps}`;
        return part;
      }));
    }

    const numbers = (counts) => (counts ? STATES.map((state) => counts[state]).join(',') : '');

    function fill(tr, service) {
      const { namespace, name, consulName, status, kubernetes, legacy, verdict } = service;
      const find = (selector) => tr.querySelector(selector);
      tr.dataset.key = `${namespace}/${name}`;
      tr.dataset.status = status;
      tr.dataset.counts = [numbers(kubernetes), numbers(legacy),
        [service.disagreements, service.pending, service.withheld, service.findings, service.stale ? 1 : 0].join(','),
        [verdict.shift ? 1 : 0, verdict.stopVms ? 1 : 0].join(',')].join(';');
      find('a').setAttribute('href', `/services/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`);
      setText(find('.namespace'), namespace);
      setText(find('.name'), name);
      setText(find('.consul'), consulName === name ? '' : consulName);
      setText(find('.status'), status);
      find('.status').dataset.status = status;
      setBar(find('.side.kubernetes'), bars(kubernetes));
      setBadges(find('.side.kubernetes'), sideBadges(kubernetes));
      setBar(find('.side.legacy'), bars(legacy));
      setBadges(find('.side.legacy'), sideBadges(legacy));
      setBadges(find('.notes'), noteBadges(service));
      setBadges(find('.verdict'), stepBadges(service));
      setText(find('.reason'), verdict.reasons[0] ?? '');
      find('time').dateTime = service.changed;
      setText(find('time'), ago(Date.parse(service.changed), serverNow()));
    }

    /** What is filtered and sorted by, read from the row, whoever wrote it. */
    function read(tr) {
      const key = tr.dataset.key;
      const [kubernetes, legacy, notes, verdict] = tr.dataset.counts.split(';')
        .map((part) => (part === '' ? null : part.split(',').map(Number)));
      const consul = tr.querySelector('.consul').textContent;
      const row = rows.get(key) ?? { key, tr, gone: false };
      const [namespace, name] = key.split('/');
      Object.assign(row, {
        namespace,
        name,
        names: `${key} ${consul}`.toLowerCase(),
        status: tr.dataset.status,
        kubernetes,
        legacy,
        notes,
        shift: verdict[0] === 1,
        stop: verdict[1] === 1,
        changed: Date.parse(tr.querySelector('time').dateTime),
        gone: false,
      });
      rows.set(key, row);
      return row;
    }

    /* Filter and order; the server's BoardQuery does the same. */

    const RULES = {
      '': () => true,
      attention: (row) => row.status !== 'UP' || row.notes[0] + row.notes[2] + row.notes[3] + row.notes[4] > 0,
      both: (row) => row.kubernetes !== null && row.legacy !== null,
      legacy: (row) => row.kubernetes === null && row.legacy !== null,
      stoppable: (row) => row.legacy !== null && row.stop,
    };

    const rank = (status) => ({ DOWN: 0, DEGRADED: 1 })[status] ?? 2;
    const plain = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const sum = (all) => all.reduce((one, other) => one + other, 0);
    const byKey = (a, b) => plain(a.namespace, b.namespace) || plain(a.name, b.name);
    const bySide = (side) => (a, b) => (a[side] === null) - (b[side] === null)
      || (a[side] === null ? 0 : (sum(b[side]) - b[side][0]) - (sum(a[side]) - a[side][0]) || sum(b[side]) - sum(a[side]));
    const steps = (row) => (row.shift ? 1 : 0) + (row.legacy !== null && row.stop ? 2 : 0);
    const ORDERS = {
      service: byKey,
      status: (a, b) => rank(a.status) - rank(b.status),
      kubernetes: bySide('kubernetes'),
      legacy: bySide('legacy'),
      notes: (a, b) => sum(b.notes) - sum(a.notes),
      verdict: (a, b) => steps(b) - steps(a),
      changed: (a, b) => b.changed - a.changed,
    };

    function order() {
      const first = ORDERS[sort.column];
      return (a, b) => (sort.reversed ? first(b, a) : first(a, b)) || byKey(a, b);
    }

    const chosen = () => form.elements.show.value;

    function matcher() {
      const rule = RULES[chosen()];
      const words = search.value.trim().toLowerCase().split(/\s+/);
      return (row) => rule(row) && words.every((word) => row.names.includes(word));
    }

    function applyFilter() {
      const matches = matcher();
      for (const row of rows.values()) {
        row.tr.hidden = !matches(row);
      }
      remember();
      count();
      clearTimeout(saying);
      saying = setTimeout(() => setText(byId('said'), `${byId('shown').textContent} of ${byId('total').textContent} services shown`), 700);
    }

    function applyOrder() {
      body.replaceChildren(...[...rows.values()].filter((row) => row.tr.isConnected).sort(order()).map((row) => row.tr));
      for (const button of document.querySelectorAll('#services thead button')) {
        const { column } = button.dataset;
        const ascends = column === 'service' || column === 'status';
        const isChosen = column === sort.column;
        button.parentElement.setAttribute('aria-sort',
          !isChosen ? 'none' : ascends !== sort.reversed ? 'ascending' : 'descending');
        button.value = isChosen && !sort.reversed ? `-${column}` : column;
      }
      remember();
    }

    /** The address tells what is shown, so that it can be shared. */
    function remember() {
      const query = new URLSearchParams();
      if (search.value.trim()) query.set('q', search.value.trim());
      if (chosen()) query.set('show', chosen());
      if (sort.reversed || sort.column !== 'service') query.set('sort', (sort.reversed ? '-' : '') + sort.column);
      const text = query.toString();
      history.replaceState(null, '', text ? `/?${text}` : '/');
    }

    function count() {
      const there = [...rows.values()].filter((row) => !row.gone);
      const shown = there.filter((row) => !row.tr.hidden).length;
      setText(byId('shown'), shown);
      setText(byId('total'), there.length);
      byId('empty').hidden = shown > 0;
      for (const place of document.querySelectorAll('[data-count]')) {
        setText(place, there.filter(RULES[place.dataset.count]).length);
      }
    }

    /* Changes as they come. */

    /** Rows do not move under a pointer that moves. */
    const busy = () => body.matches(':hover') && Date.now() - lastMove < REST_MS;

    /** Brings a row to where it belongs, or away. */
    function settle(row, matches) {
      if (row.gone) {
        if (row.tr.contains(document.activeElement)) {
          (row.tr.nextElementSibling ?? row.tr.previousElementSibling)?.querySelector('a').focus();
        }
        row.tr.remove();
        rows.delete(row.key);
        return;
      }
      row.tr.hidden = !matches(row);
      if (!row.tr.isConnected) {
        const compare = order();
        const next = [...body.children].find((tr) => compare(rows.get(tr.dataset.key), row) > 0);
        body.insertBefore(row.tr, next ?? null);
      }
    }

    function settleAll() {
      if (unsettled.size > 0 && !busy()) {
        const matches = matcher();
        const come = [...unsettled].filter((row) => !row.gone && !row.tr.isConnected);
        if (come.length > CALM) {
          body.append(...come.map((row) => row.tr)); // one sort is cheaper than many insertions
        }
        unsettled.forEach((row) => settle(row, matches));
        unsettled.clear();
        if (come.length > CALM) applyOrder();
        count();
      }
    }

    function changed(event) {
      const told = new Set(event.changed.map(({ namespace, name }) => `${namespace}/${name}`));
      const calm = event.reset || event.changed.length > CALM;
      for (const service of event.changed) {
        const known = rows.get(`${service.namespace}/${service.name}`);
        const tr = known?.tr ?? blank.cloneNode(true);
        fill(tr, service);
        tr.classList.remove('gone');
        unsettled.add(read(tr));
        if (!calm) highlight(tr);
      }
      const gone = event.reset
        ? [...rows.keys()].filter((key) => !told.has(key))
        : event.removed.map(({ namespace, name }) => `${namespace}/${name}`);
      for (const key of gone) {
        const row = rows.get(key);
        if (row) {
          row.gone = true;
          row.tr.classList.add('gone');
          unsettled.add(row);
        }
      }
      settleAll();
    }

    /** A reason tells for how long: that grows without an event, and is asked for while somebody looks. */
    async function renewReasons() {
      if (document.hidden || !source) return;
      try {
        const { services } = await (await fetch('/api/services')).json();
        for (const { namespace, name, verdict } of services) {
          const row = rows.get(`${namespace}/${name}`);
          if (row) setText(row.tr.querySelector('.reason'), verdict.reasons[0] ?? '');
        }
      } catch {
        // The stream tells that the connection is lost.
      }
    }

    function highlight(tr) {
      tr.classList.remove('changed');
      requestAnimationFrame(() => tr.classList.add('changed'));
      setTimeout(() => tr.classList.remove('changed'), 3000);
    }

    function tick() {
      settleAll();
      if (new Date().getSeconds() % 10 === 0) {
        const now = serverNow();
        rows.forEach((row) => setText(row.tr.querySelector('time'), ago(row.changed, now)));
      }
    }

    /* What the user does. */

    function begin() {
      const given = new URLSearchParams(location.search).getAll('sort').pop() ?? '';
      const column = given.replace(/^-/, '');
      if (Object.hasOwn(ORDERS, column)) sort = { column, reversed: given.startsWith('-') };
      for (const tr of body.children) read(tr);
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const by = event.submitter?.name === 'sort' ? event.submitter.value : null;
        if (by) {
          sort = { column: by.replace(/^-/, ''), reversed: by.startsWith('-') };
          applyOrder();
        } else {
          applyFilter();
        }
      });
      form.addEventListener('input', applyFilter);
      body.addEventListener('mousemove', () => { lastMove = Date.now(); }, { passive: true });
      body.addEventListener('mouseleave', () => { lastMove = 0; settleAll(); });
      document.addEventListener('keydown', keys);
      setInterval(tick, 1000);
      setInterval(renewReasons, REASONS_MS);
    }

    function keys(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = event.target instanceof HTMLInputElement && event.target.type !== 'radio';
      if (event.key === '/' && !typing) {
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === 'Escape' && event.target === search) {
        event.preventDefault();
        if (search.value === '') search.blur();
        search.value = '';
        applyFilter();
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target.closest('#services tbody')) {
        event.preventDefault();
        walk(event.target.closest('tr'), event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling');
      }
    }

    function walk(from, step) {
      let tr = from[step];
      while (tr?.hidden) tr = tr[step];
      tr?.querySelector('a').focus();
    }

    begin();
    return { services: changed, bridge: showBridge, heartbeat: () => {} };
  }

  /* The other pages: asked for again, and put in place. ----------------------------------------------------------------- */

  function live(kind) {
    const PACE_MS = kind === 'plan' ? 3000 : 250;
    const key = document.querySelector('[data-live]').dataset.key;
    let waiting = 0;
    let last = 0;

    function soon() {
      waiting ||= setTimeout(refresh, Math.max(0, last + PACE_MS - Date.now()));
    }

    async function refresh() {
      last = Date.now();
      try {
        const response = await fetch(location.pathname, { headers: { accept: 'text/html' } });
        if (response.ok || response.status === 404) {
          const page = new DOMParser().parseFromString(await response.text(), 'text/html');
          replace(page.querySelector('[data-live]'));
        }
      } catch {
        // The stream tells that the connection is lost, and brings the next try.
      } finally {
        waiting = 0;
      }
    }

    function replace(next) {
      const old = document.querySelector('[data-live]');
      if (!next || next.outerHTML === old.outerHTML) return;
      const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      const [x, y] = [scrollX, scrollY];
      const before = new Map([...old.querySelectorAll('[data-mark]')].map((row) => [row.dataset.mark, said(row)]));
      old.replaceWith(next);
      for (const row of next.querySelectorAll('[data-mark]')) {
        row.classList.toggle('changed', before.get(row.dataset.mark) !== said(row));
      }
      if (focused) {
        [...next.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus({ preventScroll: true });
      }
      scrollTo(x, y);
    }

    /** Durations grow all the time: that is no change. */
    function said(row) {
      const copy = row.cloneNode(true);
      copy.querySelectorAll('.lasting').forEach((lasting) => lasting.remove());
      return copy.textContent;
    }

    function changed(event) {
      const concerns = ({ namespace, name }) => `${namespace}/${name}` === key;
      if (kind === 'plan' || event.reset || event.changed.some(concerns) || event.removed.some(concerns)) soon();
    }

    return { services: changed, bridge: showBridge, heartbeat: soon };
  }

  document.documentElement.classList.add('js');
  const kind = document.querySelector('[data-live]')?.dataset.live;
  watch(kind ? live(kind) : table());
})();
