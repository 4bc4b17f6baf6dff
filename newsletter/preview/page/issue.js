// The page of one issue.

import { get, listen } from './api.js';
import { one, toast } from './dom.js';
import { keys } from './keys.js';
import './mistakes.js';
import './sizes.js';
import { stage } from './stage.js';
import './tools.js';
import { issueName, view } from './view.js';

let told = {};
let turn = 0;

/** Ask for the issue as it is now, and show it. */
async function look() {
  const mine = ++turn;
  try {
    const now = await get(`/api/issues/${encodeURIComponent(issueName)}`, { ...view.wish, client: view.client, look: view.look });
    if (mine === turn) show(now);
  } catch (error) {
    if (mine === turn) toast(error.message);
  }
}

function show(now) {
  told = now;
  const heading = [now.number != null && `No. ${now.number}`, now.title].filter(Boolean).join(' · ') || issueName;
  one('#title').textContent = now.subject || heading;
  document.title = `${now.subject || issueName} – preview`;
  one('mistake-panel').problems = now.problems;
  one('size-bar').told = now;
  one('view-tools').told = now;
  document.body.classList.toggle('mistaken', now.problems.length > 0);
  if (now.sizes) stage(now);
}

view.addEventListener('view', look);
listen(look, cut => document.body.classList.toggle('cut', cut));
keys();
get('/api/choices').then(choices => { one('view-tools').choices = choices; });
look();
