/// <reference lib="dom" />
/**
 * Makes elements. All text becomes text nodes: nothing that a program, a log line or a name says is
 * ever read as HTML.
 *
 * @module
 */

/** What an element may hold. */
export type Child = Node | string | number | undefined | false;

/** Attributes by name, and listeners by `on…`; what is false or undefined is left out. */
export type Props = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => void)>
>;

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return furnish(document.createElement(name), props, children);
}

/** An SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  name: K,
  props: Props = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), props, children);
}

function furnish<E extends Element>(element: E, props: Props, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) {
      element.setAttribute(name, spoken(name, String(value)));
    }
  }
  element.append(...nodes(children));
  return element;
}

/** Puts these children in the place of those that are there. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...nodes(children));
}

/** Sets the text of an element, unless it is that. */
export function say(element: Element, text: string): void {
  const shown = visible(text);
  if (element.textContent !== shown) element.textContent = shown;
}

/** Sets an attribute, unless it is that; undefined takes it away. */
export function mark(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) return element.removeAttribute(name);
  const shown = spoken(name, value);
  if (element.getAttribute(name) !== shown) element.setAttribute(name, shown);
}

/** The children of a list by their keys: one that stays keeps its element, and so the focus. */
export class Keyed<T, E extends Element> {
  readonly #parent: Element;
  readonly #make: (item: T) => E;
  readonly #update: (element: E, item: T) => void;
  #elements = new Map<string, E>();

  /** Children of `parent`. */
  constructor(parent: Element, make: (item: T) => E, update: (element: E, item: T) => void) {
    this.#parent = parent;
    this.#make = make;
    this.#update = update;
  }

  /** Shows these, in this order. */
  show(items: readonly (readonly [key: string, item: T])[]): void {
    const before = this.#elements, now = new Map<string, E>();
    for (const [key, item] of items) {
      const element = before.get(key) ?? this.#make(item);
      this.#update(element, item);
      now.set(key, element);
    }
    const gone = [...before].filter(([key, element]) => now.get(key) !== element)
      .map(([, element]) => element);
    const focused = gone.find((element) => element.contains(document.activeElement));
    const at = focused === undefined ? -1 : [...this.#parent.children].indexOf(focused);
    for (const element of gone) element.remove();
    let next = this.#parent.firstElementChild;
    for (const element of now.values()) {
      if (element === next) next = next.nextElementSibling;
      else this.#parent.insertBefore(element, next);
    }
    this.#elements = now;
    if (at >= 0) this.#focusNear(at);
  }

  /** Puts the focus into what stands now where the element was that had it. */
  #focusNear(at: number): void {
    const { children } = this.#parent;
    const near = children[at] ?? children[children.length - 1];
    near?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
  }
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) =>
    child === undefined || child === false
      ? []
      : [child instanceof Node ? child : visible(String(child))]
  );
}

/** Marks that turn the direction of the text: a name with one looks like another name. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with escapes such as `\u202e` for these marks, as the terminal shows it. */
function visible(text: string): string {
  return text.replace(TURNING, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The value of an attribute, which people may read or hear. */
function spoken(name: string, value: string): string {
  return name === "title" || name === "aria-label" ? visible(value) : value;
}
