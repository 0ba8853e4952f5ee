/** An event stream in a test's hands. */
export class Stream extends EventTarget {
  static opened: Stream[] = [];
  readonly url: string;
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
    Stream.opened.push(this);
  }

  close() {
    this.closed = true;
  }

  say(type: string, data: unknown = {}) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }

  breakOff() {
    this.dispatchEvent(new Event('error'));
  }
}
