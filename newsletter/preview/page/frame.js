// One frame of the stage: a view of the issue at a width. New content takes the old one's place without a reload,
// so that nothing flickers and the place where one reads stays.

import { query } from './api.js';
import { make } from './dom.js';

/** A mail made small: a picture of it that nobody reads. `asked` is what differs from how it is built. */
export function miniature(issue, language = '', asked = {}) {
  return make('iframe', { sandbox: 'allow-same-origin', loading: 'lazy', tabindex: '-1', 'aria-hidden': 'true', title: '',
    src: `/frame/${encodeURIComponent(issue)}/email/${language || '-'}/page${query(asked)}` });
}

class MailFrame extends HTMLElement {
  #frame = null;
  #shown = '';
  #turn = 0;

  /** Show `url`. `policy` is what the frame was opened for; another one needs a frame of its own. `named` is its title. */
  async show(url, policy, named) {
    const turn = ++this.#turn;
    if (!this.#frame || this.#shown !== policy) {
      this.#shown = policy;
      this.#open(url, named);
      return;
    }
    this.#frame.title = named;
    const response = await fetch(url);
    const text = await response.text();
    if (turn !== this.#turn) return;
    this.#swap(text);
  }

  #open(url, named) {
    // content runs no script: neither this nor the policy that the server sends allows one
    const frame = make('iframe', { sandbox: 'allow-same-origin', src: url, title: named });
    frame.addEventListener('load', () => this.#settle());
    this.#frame?.remove();
    this.#frame = frame;
    this.append(frame);
  }

  #swap(html) {
    const page = this.#frame.contentDocument;
    if (!page?.documentElement) return;
    const { scrollX, scrollY } = this.#frame.contentWindow;
    // by the frame's own parser: ours has our policy, which takes the styles away
    const fresh = new this.#frame.contentWindow.DOMParser().parseFromString(html, 'text/html');
    page.replaceChild(page.adoptNode(fresh.documentElement), page.documentElement);
    this.#frame.contentWindow.scrollTo(scrollX, scrollY);
    this.#settle();
  }

  #settle() {
    const page = this.#frame.contentDocument;
    if (!page) return;
    // a phone's scroll bar lies over the page; this one would take its width from it
    if (this.closest('.phone')) page.documentElement.style.scrollbarWidth = 'none';
    else page.documentElement.style.scrollbarColor = '#8a9299 transparent'; // visible in every look
    if (!page.newsletterListens) {
      page.newsletterListens = true;
      page.addEventListener('click', event => this.#clicked(event));
      page.addEventListener('keydown', event => this.dispatchEvent(new KeyboardEvent('keydown', {
        key: event.key, altKey: event.altKey, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey,
        bubbles: true })));
    }
    this.dispatchEvent(new CustomEvent('shown', { bubbles: true, detail: { page } }));
  }

  #clicked(event) {
    const link = event.target.closest?.('a[href]');
    if (link && link.getAttribute('href').startsWith('#')) return;
    if (link) event.preventDefault();
    const outer = this.#frame.getBoundingClientRect();
    const scale = outer.width / this.#frame.offsetWidth;
    const box = event.target.getBoundingClientRect();
    const place = { x: outer.left + box.left * scale, y: outer.top + box.bottom * scale + 6 };
    this.dispatchEvent(new CustomEvent('pointed', { bubbles: true, detail: { target: event.target, link, place } }));
  }

  /** The document that is shown, or null. */
  get page() { return this.#frame?.contentDocument ?? null; }
}

customElements.define('mail-frame', MailFrame);
