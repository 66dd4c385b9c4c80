import { OFF } from "../../config/spec/recording_spec.ts";
import { readConfigText } from "../../config/text/config_text.ts";

/** Whether a configuration has nothing more be kept in memory, and what is kept be forgotten. */
export function endsRecording(text: string): boolean {
  if (!text.includes(OFF)) return false;
  try {
    return readConfigText(text, () => ({ value: undefined })).recording?.levels === OFF;
  } catch {
    // The thread refuses it as well, if it has not done so yet.
    return false;
  }
}
