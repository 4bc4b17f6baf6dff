// The stage: the frames that show the issue, at their widths, with a handle to drag a phone wider.

import { query } from './api.js';
import { make } from './dom.js';
import './frame.js';
import { issueName, view } from './view.js';

export const PHONES = [320, 360, 375, 390, 414, 430];
const DESKTOP = 720;
const NARROWEST = 280;

let figures = [];
let layout = '';

/** Draw the stage anew, keeping frames that only have new content. `told` is the issue as the server told it. */
export function stage(told) {
  const place = document.querySelector('#stage');
  const wanted = panes(told);
  const shape = wanted.map(pane => pane.key).join(' ');
  if (shape !== layout) {
    layout = shape;
    figures = wanted.map(pane => figure(pane));
    place.replaceChildren(...figures.map(each => each.element));
  }
  wanted.forEach((pane, index) => figures[index].show(pane));
  fit();
}

function panes(told) {
  if (view.kind === 'inbox') return [{ key: 'inbox', told }];
  const phone = { device: 'phone', width: Number(view.width) || 375, caption: `Phone, ${view.width} px` };
  const desktop = { device: 'desktop', width: DESKTOP, caption: 'Desktop' };
  const devices = { phone: [phone], both: [desktop, phone] }[view.device] ?? [desktop];
  const name = { email: 'Mail', web: 'Web version', text: 'Plain text', prose: 'Plain text', source: 'Source' }[view.kind];
  const ours = devices.map(each => ({ ...each, key: `${view.kind}-${each.device}`, url: address(view.kind), name }));
  if (!view.compare || view.kind !== 'email') return ours;
  const [kind, other] = view.compare === 'build' ? ['built', issueName] : ['email', view.compare];
  const theirs = { ...devices[0], key: `compare-${view.compare}`, url: address(kind, other),
    caption: view.compare === 'build' ? 'Last build' : `Issue ${other}`, name: 'Compared' };
  return [{ ...ours[0], caption: 'This draft' }, theirs];
}

/** Return the address of a frame's content. */
function address(kind, issue = issueName) {
  const { language, ...wish } = view.wish;
  const look = kind === 'email' || kind === 'built' || kind === 'web'
    ? { look: view.look, client: view.client, styles: view.styles, images: view.images } : { look: view.look === 'light' ? '' : view.look };
  return `/frame/${encodeURIComponent(issue)}/${kind}/${language || '-'}/page${query({ ...(issue === issueName ? wish : {}), ...look })}`;
}

function figure(pane) {
  if (pane.key === 'inbox') {
    const element = make('section', { class: 'inbox', 'aria-label': 'In the inbox' });
    return { element, show: ({ told }) => element.replaceChildren(...inbox(told)) };
  }
  const frame = make('mail-frame');
  const caption = make('figcaption');
  const element = make('figure', { class: `pane ${pane.device}`, 'data-look': view.look }, caption, frame);
  if (pane.device === 'phone') element.append(handle(element));
  return {
    element,
    show(now) {
      element.style.setProperty('--width', `${now.width}px`);
      element.dataset.look = view.look;
      caption.textContent = now.caption;
      frame.show(now.url, `${now.key} ${view.images}`, `${now.name}, ${now.caption}`);
    },
  };
}

function handle(element) {
  const grip = make('div', { class: 'grip', role: 'separator', tabindex: '0', 'aria-orientation': 'vertical', 'aria-label': 'Width of the phone' });
  const set = width => {
    const held = Math.round(Math.min(Math.max(width, NARROWEST), DESKTOP));
    element.style.setProperty('--width', `${held}px`);
    for (const [name, value] of [['valuenow', held], ['valuemin', NARROWEST], ['valuemax', DESKTOP]]) grip.setAttribute(`aria-${name}`, value);
    return held;
  };
  set(Number(view.width));
  grip.addEventListener('pointerdown', down => {
    const from = element.querySelector('iframe').offsetWidth;
    let width = from;
    grip.setPointerCapture(down.pointerId);
    element.classList.add('dragged');
    grip.onpointermove = move => { width = set(from + (move.clientX - down.clientX) * 2); };
    grip.onpointerup = grip.onpointercancel = () => {
      grip.onpointermove = null;
      element.classList.remove('dragged');
      view.change({ width: String(width) });
    };
  });
  grip.addEventListener('keydown', event => {
    const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
    if (step) { event.preventDefault(); view.change({ width: String(set(Number(view.width) + step)) }); }
  });
  return grip;
}

/** Let a desktop's frame keep its width where the stage is narrower: it is shown smaller. */
function fit() {
  for (const element of document.querySelectorAll('.pane.desktop')) {
    const room = element.clientWidth;
    element.style.setProperty('--scale', Math.min(1, room / DESKTOP));
  }
}
new ResizeObserver(fit).observe(document.querySelector('#stage'));

function inbox(told) {
  const rows = told.inbox ?? [];
  return rows.length ? rows.map(row => make('article', { class: `line ${row.device}` },
    make('h3', {}, `${row.client}, ${row.device}`),
    make('div', { class: 'message' },
      make('span', { class: 'avatar', 'aria-hidden': 'true' }, (told.sender.name || '?')[0]),
      make('strong', {}, row.sender),
      make('span', { class: 'words' },
        make('span', { class: 'subject' }, row.subject, row.subjectCut && make('s', { title: 'cut' }, row.subjectCut)), ' ',
        make('span', { class: 'preheader' }, row.preheader, row.preheaderCut && make('s', { title: 'cut' }, row.preheaderCut)))))) : [
    make('p', { class: 'hint' }, 'There is nothing to show yet.')];
}
