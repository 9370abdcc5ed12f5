import type { HostileInput } from "../hostile-input.ts";

/** A training program, as a script of the shell, and what it may use. */
export interface TrainerProgram {
  readonly script: string;
  readonly timeoutSeconds?: number;
  readonly logBytesMax?: number;
  readonly diskMiB?: number;
  readonly processesMax?: number;
  /** In place of running the script by the shell. */
  readonly command?: readonly string[];
}

/** The code that the run ends with, or that it completes; and what its log says and does not say. */
interface ProgramAnswer {
  readonly code: "COMPLETED" | `${"TRAINER" | "MODEL" | "METRICS"}_${string}`;
  readonly message?: RegExp;
  readonly log?: RegExp;
  readonly logWithout?: RegExp;
}

export type HostileProgram = HostileInput<TrainerProgram, ProgramAnswer>;

/** What a good program does at its end. */
const good = `cp "$CASCADE_TRAINER_DIRECTORY/model.onnx" model.onnx; echo '{"metrics":{"auc":0.7}}' > metrics.json`;
const completed = { code: "COMPLETED" } as const;
const failed = (message?: RegExp): ProgramAnswer => ({
  code: "TRAINER_FAILED",
  ...(message ? { message } : {}),
});
/** The last word of a program that tells its own descendants where to report to. */
const pidOf = (what: string) => `${what} echo $! >> "$CASCADE_TRAINER_DIRECTORY/pids"`;
const escapeSequence = /\p{Cc}[[\]]/u;
type Case = readonly [row: number, name: string, program: string | TrainerProgram, wanted: ProgramAnswer];

const exits: readonly Case[] = [
  ...[1, 2, 77, 126, 127, 128, 137, 255].map(
    (code): Case => [47, `the exit code ${code}`, `exit ${code}`, failed(new RegExp(`exit code ${code}\\.`))],
  ),
  [47, "the exit code 256, which is 0 in the end", `${good}; exit 256`, { code: "COMPLETED" }],
  ...["SEGV", "ABRT", "KILL", "TERM", "INT", "HUP", "PIPE", "USR1", "FPE"].map(
    (signal): Case => [
      47,
      `an end by SIG${signal}`,
      `kill -${signal} $$; sleep 5`,
      failed(new RegExp(`signal SIG${signal}`)),
    ],
  ),
  [47, "success without any result", "exit 0", { code: "MODEL_MISSING" }],
  [47, "success without a model", "echo '{}' > metrics.json", { code: "MODEL_MISSING" }],
  [
    47,
    "success without metrics",
    'cp "$CASCADE_TRAINER_DIRECTORY/model.onnx" model.onnx',
    { code: "METRICS_INVALID" },
  ],
  [47, "results and then a failure", `${good}; exit 1`, failed()],
  [47, "a model that is written after the end", `(sleep 30; ${good}) &`, { code: "MODEL_MISSING" }],
];

const floods: readonly Case[] = [
  [46, "lines without end", { script: "yes", logBytesMax: 100_000 }, failed(/more than 100000 bytes/)],
  [
    46,
    "one line without end",
    { script: "tr '\\0' x < /dev/zero", logBytesMax: 100_000 },
    failed(/more than 100000 bytes/),
  ],
  [
    46,
    "NUL without end",
    { script: "cat /dev/zero", logBytesMax: 100_000 },
    failed(/more than 100000 bytes/),
  ],
  [46, "errors without end", { script: "yes >&2", logBytesMax: 100_000 }, failed(/more than 100000 bytes/)],
  [
    46,
    "random bytes without end",
    { script: "cat /dev/urandom", logBytesMax: 100_000 },
    failed(/more than 100000 bytes/),
  ],
  [
    46,
    "a flood from the background of a program that has ended well",
    { script: `yes & ${good}; wait`, logBytesMax: 100_000 },
    failed(/more than 100000 bytes/),
  ],
  [
    46,
    "a flood that ignores being stopped",
    { script: "trap '' TERM INT PIPE; while :; do echo still here; done", logBytesMax: 50_000 },
    failed(/more than 50000 bytes/),
  ],
];

const print = (text: string) => `printf '${text}'; ${good}`;
const logs: readonly Case[] = [
  [46, "colours", print("\\033[31mred\\033[0m"), { ...completed, log: /^red/, logWithout: escapeSequence }],
  [
    46,
    "a title for the terminal",
    print("\\033]0;owned\\007title"),
    { ...completed, log: /title/, logWithout: /\p{Cc}\[|\p{Cc}\]|owned/u },
  ],
  [
    46,
    "a text for the clipboard",
    print("\\033]52;c;cm0gLXJm\\007clip"),
    { ...completed, log: /clip/, logWithout: escapeSequence },
  ],
  [
    46,
    "a cleared screen",
    print("\\033[2J\\033[Hgone"),
    { ...completed, log: /gone/, logWithout: escapeSequence },
  ],
  [
    46,
    "control characters of the second set",
    print("\\302\\2332Jgone"),
    { ...completed, log: /gone/, logWithout: /\p{Cc}2J/u },
  ],
  [
    46,
    "an escape that does not end",
    print("\\033]0;for ever"),
    { ...completed, logWithout: escapeSequence },
  ],
  [46, "NUL and bells", print("a\\000b\\007c"), { ...completed, log: /abc/ }],
  [46, "bytes that are no text", print("\\377\\376ok"), { ...completed, log: /ok/ }],
  [46, "a progress bar", print("10%%\\r50%%\\r100%%"), { ...completed, log: /10%\n50%\n100%/ }],
  [46, "no line end", print("last words"), { ...completed, log: /last words/ }],
  [
    46,
    "an emoji where the tail of the log is cut",
    "for i in 1 2 3; do printf '\\360\\237\\232\\225%.0s' $(seq 999); done; printf x; exit 1",
    failed(),
  ],
  [
    46,
    "a line of a hundred thousand characters before a failure",
    "printf 'x%.0s' $(seq 100000); exit 1",
    failed(),
  ],
  [
    46,
    "a secret of the environment",
    'echo "$HUB_TOKEN"; exit 1',
    { ...failed(), log: /^\[redacted\]/, logWithout: /hunter2/ },
  ],
  [
    46,
    "a secret with a colour in its middle",
    'printf "hunter2\\033[0m-hunter2"; exit 1',
    { ...failed(), log: /^\[redacted\]/, logWithout: /hunter2/ },
  ],
  [
    46,
    "a password in an address",
    "echo postgres://ada:lovelace@db/x",
    { code: "MODEL_MISSING", log: /\[redacted\]@db/, logWithout: /lovelace/ },
  ],
  [
    46,
    "a bearer's token",
    "echo 'Authorization: Bearer abcdefghijkl'",
    { code: "MODEL_MISSING", logWithout: /abcdefghijkl/ },
  ],
  [
    46,
    "a key of a cloud",
    "echo AKIAIOSFODNN7EXAMPLE",
    { code: "MODEL_MISSING", logWithout: /AKIAIOSFODNN7EXAMPLE/ },
  ],
  [
    46,
    "a password in JSON",
    `echo '{"db_password": "lovelace"}'`,
    { code: "MODEL_MISSING", logWithout: /lovelace/ },
  ],
  [
    46,
    "a private key",
    "echo '-----BEGIN RSA PRIVATE KEY-----'; echo MIIEpAIBAAKCAQEA; echo '-----END RSA PRIVATE KEY-----'",
    { code: "MODEL_MISSING", logWithout: /MIIEpAIBAAKCAQEA/ },
  ],
  [
    46,
    "a secret in the last line of a failure",
    'echo "token=$HUB_TOKEN"; exit 3',
    { code: "TRAINER_FAILED", message: /redacted/, logWithout: /hunter2/ },
  ],
  [
    46,
    "a megabyte of the word token",
    "yes token-token-token-token-token-token | tr -d '\\n' | head -c 1000000",
    { code: "MODEL_MISSING" },
  ],
  [
    46,
    "a megabyte of dots",
    "yes a.a.a.a.a.a.a.a.a.a. | tr -d '\\n' | head -c 1000000",
    { code: "MODEL_MISSING" },
  ],
  [
    46,
    "bearer and a megabyte of empty lines",
    "echo bearer; yes '' | head -c 1000000",
    { code: "MODEL_MISSING" },
  ],
];

const log = (leftover: string) => `rm trainer.log; ${leftover}; ${good}`;
const progress = (leftover: string) => `${leftover}; sleep 0.1; ${good}`;
const files: readonly Case[] = [
  [24, "a pipe in the place of the log", log("mkfifo trainer.log"), completed],
  [
    24,
    "a link in the place of the log",
    log("ln -s /etc/passwd trainer.log"),
    { ...completed, logWithout: /root:/ },
  ],
  [24, "a second name in the place of the log", log("ln train.parquet trainer.log"), completed],
  [24, "a folder in the place of the log", log("mkdir trainer.log"), completed],
  [24, "no log", log(":"), completed],
  [24, "a log of a gigabyte that is not ours", log("truncate -s 1G trainer.log"), completed],
  [24, "a pipe for the progress", progress("mkfifo progress.jsonl"), completed],
  [24, "a link for the progress", progress("ln -s /dev/zero progress.jsonl"), completed],
  [24, "a folder for the progress", progress("mkdir progress.jsonl"), completed],
  [24, "progress of a gigabyte", progress("truncate -s 1G progress.jsonl"), completed],
  [24, "progress that is no JSON", progress("yes '{{{' | head -c 100000 > progress.jsonl"), completed],
  [
    47,
    "numbers for the progress that are none",
    progress(`echo '{"step":-1,"of":0,"share":7}' > progress.jsonl`),
    completed,
  ],
  [
    47,
    "its own request changed",
    `echo '{}' > request.json; rm train.parquet validation.parquet; ${good}`,
    completed,
  ],
  [47, "the working folder removed", 'rm -rf "$PWD"', { code: "MODEL_MISSING" }],
  [47, "the working folder moved away", `${good}; mv "$PWD" "$PWD.moved"`, { code: "MODEL_MISSING" }],
  [
    47,
    "folders within each other beyond the longest path",
    `${good}; n=$(printf 'd%.0s' $(seq 200)); for i in $(seq 40); do mkdir $n; cd -P $n; done`,
    completed,
  ],
  [47, "folders that nobody may read", `${good}; mkdir -p a/b; chmod 000 a/b a`, completed],
  [47, "a thousand files beside its results", `${good}; for i in $(seq 1000); do : > "f$i"; done`, completed],
  [47, "names with line ends and escapes", `${good}; : > "$(printf 'a\\nb\\033[31m')"; : > '-rf'`, completed],
];

const processes: readonly Case[] = [
  [47, "a child that would outlive it", `${pidOf("sleep 1000 &")}; ${good}`, completed],
  [47, "a child in a session of its own", `${pidOf("setsid sleep 1000 &")}; ${good}`, completed],
  [
    47,
    "a daemon without our environment",
    `${pidOf("env -i /usr/bin/setsid sleep 1000 >/dev/null 2>&1 &")}; ${good}`,
    completed,
  ],
  [47, "a child that no hang-up ends", `${pidOf("nohup sleep 1000 >/dev/null 2>&1 &")}; ${good}`, completed],
  [
    47,
    "a grandchild without a parent",
    `( ( sleep 1000 & echo $! >> "$CASCADE_TRAINER_DIRECTORY/pids" ) & ) ; ${good}; sleep 0.05`,
    completed,
  ],
  [
    47,
    "a child that keeps the outputs open",
    `${pidOf("sleep 1000 2>&1 &")}; ${good}; exec sleep 0`,
    completed,
  ],
  [47, "fifty children", `for i in $(seq 50); do ${pidOf("sleep 1000 &")}; done; ${good}`, completed],
  [
    47,
    "a program that stops itself",
    { script: "kill -STOP $$", timeoutSeconds: 0.3 },
    { code: "TRAINER_TIMED_OUT" },
  ],
  [
    47,
    "a program that never ends",
    { script: "sleep 1000", timeoutSeconds: 0.3 },
    { code: "TRAINER_TIMED_OUT" },
  ],
  [
    47,
    "a program that ignores being asked to end",
    { script: "trap '' TERM; while :; do sleep 1; done", timeoutSeconds: 0.3 },
    { code: "TRAINER_TIMED_OUT" },
  ],
  [
    47,
    "a program that ends well when it is asked to end",
    {
      script: `trap '${good.replaceAll("'", `'"'"'`)}; exit 0' TERM; while :; do sleep 0.01; done`,
      timeoutSeconds: 0.3,
    },
    { code: "TRAINER_TIMED_OUT" },
  ],
  [47, "a program that asks for words", `read -r word; test -z "$word" && ${good}`, completed],
  [47, "our own environment", "env; exit 1", { ...failed(), logWithout: /HOSTILE_TEST_SECRET|VITEST/ }],
  [47, "the descriptor of our lifeline", `cat <&3; ${good}`, completed],
];

const disk = (script: string): TrainerProgram => ({ script, diskMiB: 8 });
const outOfDisk = { code: "TRAINER_OUT_OF_DISK", message: /more than 8 MiB/ } as const;
const fills: readonly Case[] = [
  [47, "one file without end", disk("cat /dev/zero > fill"), outOfDisk],
  [47, "files without end", disk("i=0; while :; do head -c 500000 /dev/zero > f$((i+=1)); done"), outOfDisk],
  [
    47,
    "a full folder of a program that sleeps",
    disk("head -c 9000000 /dev/zero | tee a > b; sleep 1000"),
    outOfDisk,
  ],
  [47, "progress without end", disk("yes '{}' > progress.jsonl"), outOfDisk],
  [47, "a file beside the limit and then results", disk(`head -c 7000000 /dev/zero > f; ${good}`), completed],
];

const swarm = (script: string): TrainerProgram => ({ script, processesMax: 60 });
const tooMany = failed(/more than 60 processes/);
const swarms: readonly Case[] = [
  [47, "children without end", swarm("while :; do sleep 1000 & done"), tooMany],
  [47, "children without end that no parent has", swarm("while :; do (setsid sleep 1000 &) ; done"), tooMany],
];

const commands: readonly Case[] = [
  [
    47,
    "a program that is not there",
    { script: "", command: ["no-such-program"] },
    { code: "TRAINER_NOT_FOUND" },
  ],
  [47, "a folder as the program", { script: "", command: ["/tmp"] }, { code: "TRAINER_NOT_FOUND" }],
  [
    47,
    "a program of the trainer without the right to run",
    { script: good, command: ["./train.sh"] },
    { code: "TRAINER_NOT_FOUND" },
  ],
  [
    47,
    "a program outside of the trainer by dots",
    { script: "", command: ["../../../../../../no/such"] },
    { code: "TRAINER_NOT_FOUND" },
  ],
  [
    47,
    "NUL in the name of the program",
    { script: "", command: ["sh\0", "train.sh"] },
    { code: "TRAINER_NOT_FOUND" },
  ],
  [
    47,
    "a name that only a shell would take apart",
    { script: good, command: ["sh train.sh; id"] },
    { code: "TRAINER_NOT_FOUND" },
  ],
  [
    47,
    "an argument that only a shell would run",
    { script: `echo "$1"; ${good}`, command: ["sh", "train.sh", "$(id)`id`;id"] },
    { ...completed, log: /\$\(id\)`id`;id/ },
  ],
];

export const trainerPrograms: readonly HostileProgram[] = [
  ...exits,
  ...floods,
  ...logs,
  ...files,
  ...processes,
  ...fills,
  ...swarms,
  ...commands,
].map(([row, name, program, wanted]) => ({
  name,
  row,
  input: typeof program === "string" ? { script: program } : program,
  wanted,
}));
