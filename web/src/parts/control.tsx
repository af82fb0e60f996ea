// What a reader may ask the daemon to do: sure? token? done, or why not.
import { useState } from "preact/hooks";
import { ApiProblem, post, token } from "../api/client.ts";
import { live } from "../state/live.ts";
import { Confirm, TokenDialog } from "./dialogs.tsx";

export interface Wish {
  path: string; // of the request
  action: string; // on the button
  question: string;
  consequence: string;
}

export const promotion = (model: string): Wish => ({
  path: `/api/v1/models/${encodeURIComponent(model)}/promote`,
  action: "Promote",
  question: "Promote this model?",
  consequence: `${model} becomes the champion: it predicts from the next candle on.`,
});
export const rollback: Wish = {
  path: "/api/v1/rollback",
  action: "Roll back",
  question: "Roll back?",
  consequence: "The champion before this one takes over again, from the next candle on.",
};
export const pause: Wish = {
  path: "/api/v1/pause",
  action: "Pause",
  question: "Pause paper trading?",
  consequence: "Candles and predictions go on; no account opens a trade until it is resumed.",
};
export const resume: Wish = {
  path: "/api/v1/resume",
  action: "Resume",
  question: "Resume paper trading?",
  consequence: "The accounts decide again from the next candle on.",
};

export function useControl() {
  const [wish, setWish] = useState<Wish | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const [news, setNews] = useState<{ good: boolean; text: string } | null>(null);
  const carryOut = async (what: Wish) => {
    try {
      const answer = await post<{ done?: string }>(what.path, token());
      setNews({ good: true, text: answer.done ?? "Done." });
      live.changedNow("model");
      live.hurry();
    } catch (error) {
      if (error instanceof ApiProblem && error.needsToken) return setAsking("This token was refused.");
      setNews({ good: false, text: `${what.action}: ${error instanceof Error ? error.message : String(error)}` });
    }
    setWish(null);
  };
  const sure = (yes: boolean) => {
    if (!yes) return setWish(null);
    if (!token()) return setAsking("A change needs a token.");
    void carryOut(wish!);
  };
  const given = (yes: boolean) => {
    setAsking(null);
    if (yes && wish) void carryOut(wish);
    else setWish(null);
  };
  const dialogs = (
    <>
      {wish && !asking && (
        <Confirm title={wish.question} action={wish.action} onDone={sure}>
          <p>{wish.consequence}</p>
        </Confirm>
      )}
      {asking && <TokenDialog reason={asking} onDone={given} />}
      <p class={`news ${news ? (news.good ? "good" : "bad") : ""}`} role="status">
        {news?.text ?? ""}
      </p>
    </>
  );
  return { ask: setWish, dialogs };
}
