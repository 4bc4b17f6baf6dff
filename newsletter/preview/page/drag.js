// Dragging by mouse, finger or pen, one way for all: something is held, and dropped into a list that takes it.

import { make, one } from './dom.js';

const FAR = 5; // px before a press is a drag
const LONG = 350; // ms before a finger that rests drags; a finger that moves scrolls

/**
 * Let `element` be dragged. `what()` returns {id, title}, or null. Lists that take it have `data-drop`; their rows
 * `data-item`. `dropped(list, before, what)` is called with the id of the row that it was dropped before, or null.
 */
export function draggable(element, what, dropped) {
  element.addEventListener('pointerdown', down => {
    if (down.button !== 0 || down.target.closest('button, a, input, select, textarea, summary')) return;
    const held = what();
    if (!held) return;
    const finger = down.pointerType === 'touch';
    const drag = new Drag(held, dropped);
    const timer = finger ? setTimeout(() => drag.begin(down), LONG) : 0;
    const move = event => {
      if (event.pointerId !== down.pointerId) return;
      const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > FAR;
      if (!drag.on && far) { if (finger) { end(); return; } drag.begin(event); }
      drag.move(event);
    };
    const end = (event = null) => {
      clearTimeout(timer);
      for (const [name, action] of Object.entries(actions)) removeEventListener(name, action, true);
      removeEventListener('touchmove', still, { capture: true });
      drag.end(event?.type === 'pointerup');
    };
    const still = event => { if (drag.on) event.preventDefault(); };
    const actions = { pointermove: move, pointerup: end, pointercancel: end, keydown: event => event.key === 'Escape' && end() };
    for (const [name, action] of Object.entries(actions)) addEventListener(name, action, true);
    addEventListener('touchmove', still, { capture: true, passive: false });
  });
}

class Drag {
  on = false;

  constructor(held, dropped) { this.held = held; this.dropped = dropped; }

  begin(event) {
    this.on = true;
    document.body.classList.add('dragging');
    getSelection().removeAllRanges();
    this.ghost = make('div', { class: 'ghost', 'aria-hidden': 'true' }, this.held.title);
    this.mark = make('li', { class: 'drop-mark', 'aria-hidden': 'true' });
    document.body.append(this.ghost);
    this.move(event);
  }

  move({ clientX, clientY }) {
    if (!this.on) return;
    this.ghost.style.translate = `${clientX + 12}px ${clientY + 8}px`;
    const list = document.elementFromPoint(clientX, clientY)?.closest('[data-drop]') ?? null;
    if (list !== this.list) this.list?.classList.remove('taking');
    this.list = list;
    if (!list) { this.mark.remove(); return; }
    list.classList.add('taking');
    const rows = [...list.querySelectorAll('[data-item]')].filter(row => row.dataset.item !== this.held.id);
    const after = rows.find(row => { const box = row.getBoundingClientRect(); return clientY < box.top + box.height / 2; });
    this.before = after?.dataset.item ?? null;
    if (after) after.before(this.mark);
    else (rows.at(-1)?.parentNode ?? list).append(this.mark);
    scrollNear(list.closest('.side'), clientY);
  }

  end(drop) {
    document.body.classList.remove('dragging');
    this.ghost?.remove();
    this.mark?.remove();
    this.list?.classList.remove('taking');
    if (drop && this.on && this.list) this.dropped(this.list, this.before, this.held);
  }
}

function scrollNear(side, y) {
  if (!side) return;
  const box = side.getBoundingClientRect();
  if (y < box.top + 40) side.scrollBy(0, -12);
  if (y > box.bottom - 40) side.scrollBy(0, 12);
}

/** Say aloud what happened, for those who do not see it. */
export function announce(text) { one('#spoken').textContent = text; }
