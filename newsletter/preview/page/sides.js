// The panels at both sides: shown or not, remembered; on a narrow screen one at a time.

import { one } from './dom.js';

const NAMES = ['archive', 'outline'];
const narrow = matchMedia('(max-width: 900px)');
const kept = JSON.parse(localStorage.getItem('sides') ?? '{"archive": true, "outline": true}');
let alone = 'mail';

function draw() {
  for (const name of NAMES) {
    const shown = narrow.matches ? alone === name : kept[name];
    one(`#${name}`).hidden = !shown;
    one(`#show-${name}`).setAttribute('aria-pressed', String(shown));
  }
  const mail = !narrow.matches || alone === 'mail';
  one('#stage').hidden = !mail;
  one('#show-mail').hidden = !narrow.matches;
  one('#show-mail').setAttribute('aria-pressed', String(mail));
}

/** Show a panel or not; on a narrow screen it takes the place of the mail. */
export function toggle(name, shown = undefined) {
  if (narrow.matches) alone = shown === false || alone === name ? 'mail' : name;
  else if (name !== 'mail') {
    kept[name] = shown ?? !kept[name];
    localStorage.setItem('sides', JSON.stringify(kept));
  }
  draw();
}

for (const name of [...NAMES, 'mail']) one(`#show-${name}`).addEventListener('click', () => toggle(name));
narrow.addEventListener('change', draw);
draw();
