import { problem as elaborateProblem } from "#compiler/elaborate/messages.js";
import { problem as planProblem } from "#compiler/plan/messages.js";
import type { DiagnosticDefinition } from "#grammar/diagnostic.js";
import { problem as syntaxProblem } from "#grammar/messages.js";

/** Every message that bnmc can give about a model, by code: for `explain` and the manual. */
export const diagnosticTable: Readonly<Record<string, DiagnosticDefinition>> = {
  ...syntaxProblem.table,
  ...elaborateProblem.table,
  ...planProblem.table,
} as unknown as Readonly<Record<string, DiagnosticDefinition>>;
