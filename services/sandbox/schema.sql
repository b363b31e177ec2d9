-- A moment is text in UTC, such as 2026-03-01T12:00:00.000000Z, which sorts as time.
-- A column that is added later may be empty: files made before get it, too.

CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS projects (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    research_goals TEXT,
    interview_guide TEXT
);

CREATE INDEX IF NOT EXISTS projects_of_account ON projects (account);

CREATE TABLE IF NOT EXISTS rooms (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    record_id TEXT,
    access_token TEXT NOT NULL UNIQUE,
    room_name TEXT NOT NULL,
    respondent_email TEXT,
    max_duration_minutes INTEGER NOT NULL,
    research_goals_override TEXT,
    interview_guide_override TEXT,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    expires_at TEXT,
    voice TEXT,
    realtime_provider TEXT,
    language TEXT,
    topics_for_respondent TEXT,
    display_name TEXT,
    tokens INTEGER NOT NULL,
    ends_at TEXT
);

CREATE INDEX IF NOT EXISTS rooms_of_account ON rooms (account, seq);
CREATE INDEX IF NOT EXISTS rooms_of_project ON rooms (project_id, seq);
CREATE INDEX IF NOT EXISTS rooms_to_expire ON rooms (expires_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS rooms_to_end ON rooms (ends_at) WHERE status = 'active';
CREATE INDEX IF NOT EXISTS records_of_project ON rooms (project_id) WHERE status = 'completed';
