// The page with all issues: where each stands, and a picture of it.

import { get, listen } from './api.js';
import { make, one, toast } from './dom.js';
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

function show({ title, issues, misnamed }) {
  one('#title').textContent = title;
  document.title = `${title} – all issues`;
  one('#issues').replaceChildren(...issues.map(card));
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
    : make('iframe', { sandbox: 'allow-same-origin', loading: 'lazy', tabindex: '-1', 'aria-hidden': 'true', title: '',
      src: `/frame/${encodeURIComponent(issue.issue)}/email/-/page?look=light` });
  const thumb = make('div', { class: 'thumb', inert: true }, picture);
  sizes.observe(thumb);
  return make('li', { class: 'card' },
    make('a', { href: address },
      thumb,
      make('div', { class: 'about' },
        make('strong', {}, issue.subject || issue.issue),
        make('span', {}, [issue.number != null && `No. ${issue.number}`, issue.date, issue.items && `${issue.items} items`].filter(Boolean).join(' · ')),
        make('span', { class: `pill ${issue.state.split(' ')[0]}` }, issue.state))));
}

listen(look);
look();
