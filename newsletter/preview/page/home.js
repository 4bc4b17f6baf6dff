// The page with all issues: where each stands, and a picture of it.

import { get, listen, post } from './api.js';
import { fill, make, number, one, sheet, single, toast } from './dom.js';
import { miniature } from './frame.js';
import './mistakes.js';

async function look() {
  try {
    show(await get('/api/issues'));
    one('mistake-panel').problems = [];
  } catch (error) {
    if (error.told?.problems) one('mistake-panel').problems = error.told.problems;
    else toast(error.message);
  }
}

let told = { issues: [], months: [] };

function show(now) {
  const { title, issues, misnamed } = told = now;
  one('#new').hidden = false;
  one('#title').textContent = title;
  document.title = `${title} – all issues`;
  // a card that says the same stays as it is, with its miniature
  const known = new Map([...one('#issues').children].map(each => [each.dataset.told, each]));
  fill(one('#issues'), issues.map(issue => known.get(JSON.stringify(issue)) ?? card(issue)));
  const nothing = issues.length ? [] : ['There is no issue yet: start one with “New issue”.'];
  one('#none').replaceChildren(...[...nothing, ...misnamed].map(text => make('span', {}, text)));
  one('#none').hidden = !nothing.length && !misnamed.length;
}

// A miniature is the mail itself, made smaller: as wide as its card.
const WIDE = 680;
const sizes = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) target.style.setProperty('--scale', contentRect.width / WIDE);
});

function card(issue) {
  const address = `/issue/${encodeURIComponent(issue.issue)}`;
  const picture = issue.state === 'mistakes'
    ? make('p', { class: 'hint' }, issue.mistakes[0] ?? '')
    : miniature(issue.issue);
  const thumb = make('div', { class: 'thumb', inert: true }, picture);
  sizes.observe(thumb);
  return make('li', { class: 'card', 'data-told': JSON.stringify(issue) },
    make('a', { href: address },
      thumb,
      make('div', { class: 'about' },
        make('strong', {}, issue.subject || issue.issue),
        make('span', {}, [issue.number != null && `No. ${issue.number}`, issue.date, issue.items && `${issue.items} items`].filter(Boolean).join(' · ')),
        make('span', { class: `pill ${issue.state.split(' ')[0]}` }, issue.state))));
}

function begin() {
  const taken = new Set(told.issues.map(issue => issue.issue));
  const months = told.months.filter(([month]) => !taken.has(month));
  const published = told.issues.some(issue => issue.state === 'published');
  const month = make('select', { id: 'month' }, months.map(([each, count]) => make('option', { value: each }, `${each} (${number(count)} ${count === 1 ? 'item' : 'items'})`)),
    published && make('option', { value: 'since' }, 'what has come since the last issue'),
    make('option', { value: '' }, 'the month that it is named after'));
  const name = make('input', { id: 'name', value: months[0]?.[0] ?? '', autocomplete: 'off' });
  const source = make('select', { id: 'source' }, make('option', { value: '' }, 'the publication’s categories'), told.issues.map(issue => make('option', { value: issue.issue }, `as in ${issue.issue}`)));
  const wrong = make('p', { class: 'hint', role: 'status' });
  month.addEventListener('change', () => { if (/^\d/.test(month.value)) name.value = month.value; });
  const row = (label, control) => make('div', { class: 'field' }, make('label', { for: control.id }, label), control);
  sheet('New issue', make('form', { class: 'form', onsubmit: single(async () => {
    try {
      await post('/api/issues', { name: name.value.trim(), month: month.value === 'since' ? '' : month.value, since: month.value === 'since', from: source.value });
      location.href = `/issue/${encodeURIComponent(name.value.trim())}`;
    } catch (error) { wrong.textContent = error.message; }
  }) },
  row('Which items', month), row('Name: its file, and a part of its address, such as 2020-04', name), row('Sections', source), wrong,
  make('p', { class: 'buttons' }, make('button', { class: 'main' }, 'Begin it'))));
}

one('#new').addEventListener('click', begin);
listen(look);
look();
