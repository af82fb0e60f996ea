// Server-sent events from pieces of text, as the HTML standard defines them; comments are heartbeats and vanish.
export interface StreamEvent {
  type: string;
  data: string;
  id: string;
}

export class EventParser {
  private rest = "";
  private type = "";
  private id = "";
  private data: string[] = [];

  feed(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.rest += text;
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r(?=[^])/);
      if (end < 0) return events;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith("\r\n", end) ? 2 : 1));
      if (line !== "") this.field(line);
      else if (this.data.length > 0) events.push(this.finish());
      else this.type = "";
    }
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (name === "event") this.type = value;
    else if (name === "data") this.data.push(value);
    else if (name === "id") this.id = value;
  }

  private finish(): StreamEvent {
    const event = { type: this.type || "message", data: this.data.join("\n"), id: this.id };
    this.type = "";
    this.data = [];
    return event;
  }
}
