import { catalog } from "#compiler/catalog/index.js";
import { datasetParameters } from "#compiler/catalog/statements/dataset.js";
import { deployParameters } from "#compiler/catalog/statements/deploy.js";
import { trainParameters } from "#compiler/catalog/statements/train.js";
import { decidedIn } from "#compiler/elaborate/claims.js";
import { entrySection, familySections, parameterTable } from "./entry.js";
import { code, heading, link, page, paragraph, table } from "../markdown.js";

/** The pages that list families of the catalogue and the settings of statements. */

export const layersPage = (): string =>
  page(
    heading(1, "Layers"),
    paragraph(
      "The stages of a model. A setting marked *inherited* may stand in the call or in any body around it; the nearest wins, " +
        "and `bnmc check --show settings` says which did.",
    ),
    familySections(2, catalog.layers),
  );

export const normsPage = (): string =>
  page(
    heading(1, "Norms"),
    paragraph(
      "How the input of a layer is normalized while training: `norm: rms`. A norm scales and never centres. The chip requantizes " +
        "every vector by its maximum anyway, so a norm costs it nothing.",
    ),
    table(
      ["Norm", "What it does"],
      Object.values(catalog.norms).map(({ name, summary }) => [code(name), summary]),
    ),
  );

export const trainingPage = (): string =>
  page(
    heading(1, "Training"),
    heading(2, "Settings of `train`"),
    paragraph("`train MODEL on DATASET { … }`; what it may `expect` is on the page of " + link("claims", "claims.md") + "."),
    parameterTable(trainParameters),
    heading(2, "Schedules"),
    paragraph("The values of `rate:`. Epochs count from 0 and are fractional, so the rate changes with every step."),
    familySections(3, catalog.schedules),
    heading(2, "Optimizers"),
    paragraph("The values of `optimizer:`."),
    familySections(3, catalog.optimizers),
    heading(2, "Clips"),
    paragraph("The values of `clip:`: rules for the clipping scalar of every layer, applied once an epoch."),
    familySections(3, catalog.clips),
    heading(2, "Progressions"),
    paragraph("The values of `quantize:`. Accuracies on validation and test data are always those of the format that ships."),
    familySections(3, catalog.progressions),
    heading(2, "Prunings"),
    paragraph(
      "The values of `prune:`. What ships, and what is measured after every epoch, always has the neurons and channels that the model says.",
    ),
    familySections(3, catalog.prunings),
  );

const kinds = { arrangement: "Arrangement", conversion: "Conversion", quantization: "Quantization" } as const;

export const dataPage = (): string =>
  page(
    heading(1, "Data"),
    heading(2, "Settings of `dataset`"),
    parameterTable(datasetParameters),
    heading(2, "Sources"),
    paragraph("The first link of `samples:`."),
    familySections(3, catalog.sources),
    heading(2, "Transforms"),
    paragraph(
      "The later links of `samples:`. An *arrangement* decides which samples there are, in which split, and runs before all " +
        "conversions; a *conversion* changes every sample in the same way; the *quantization* comes last of them.",
    ),
    page(
      ...Object.values(catalog.transforms).map((transform) =>
        entrySection(3, transform, `${transform.summary} *${kinds[transform.kind]}.*`),
      ),
    ),
    heading(2, "Augmentations"),
    paragraph(
      "The links of `augment:`. They change a copy of each training sample anew in every epoch, starting from the samples as the " +
        "source gives them, before any conversion.",
    ),
    familySections(3, catalog.augmentations),
  );

const decidedFrom = {
  network: "the model alone",
  plan: "the plan for the target",
  evaluation: "the integer model on the test set",
  simulation: "the simulated chip",
} as const;

export const claimsPage = (): string =>
  page(
    heading(1, "Claims"),
    paragraph(
      "`require` is decided before training, so that no time is lost on a model that cannot fit; `expect` is measured afterwards. " +
        "Either compares with `<=`, `>=`, `<`, `>` or `==`.",
    ),
    table(
      ["Claim", "Say", "In", "Measures", "Decided from", "Meaning"],
      Object.values(catalog.claims).map(({ name, parameters, mode, dimension, decision, summary }) => {
        const given = Object.keys(parameters);
        const places = Object.entries(decidedIn).flatMap(([statement, deciders]) =>
          deciders.includes(decision.by) ? [code(statement)] : [],
        );
        const call = given.length === 0 ? name : `${name}(${given.join(", ")})`;
        return [
          code(call),
          code(mode),
          places.join(", "),
          dimension === "none" ? "a count" : `a ${dimension}`,
          decidedFrom[decision.by],
          summary,
        ];
      }),
    ),
    heading(2, "Settings of `deploy`"),
    parameterTable(deployParameters),
  );
