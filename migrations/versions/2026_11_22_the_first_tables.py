"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("desks", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_audit_heads_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "audit_log",
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("entity", sa.String(length=120), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_audit_log_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "sequence", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_entity"), "audit_log", ["entity"], unique=False)
    op.create_table(
        "clerks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_clerks_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clerks")),
        sa.UniqueConstraint("email", name=op.f("uq_clerks_email")),
    )
    op.create_index(op.f("ix_clerks_organisation_id"), "clerks", ["organisation_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("case_key", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_as", sa.String(length=32), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_attempts", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_drafts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("filed_as", name=op.f("uq_drafts_filed_as")),
    )
    op.create_index(op.f("ix_drafts_organisation_id"), "drafts", ["organisation_id"], unique=False)
    op.create_table(
        "draws",
        sa.Column("id", sa.String(length=124), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=True),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("demand", sa.JSON(), nullable=True),
        sa.Column("tree_key", sa.String(length=64), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beacon_round", sa.String(length=40), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reveal_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", sa.String(length=64), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_by", sa.String(length=80), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=80), nullable=True),
        sa.Column("result_key", sa.String(length=64), nullable=True),
        sa.Column("result_sha256", sa.String(length=64), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draws_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint(
            "organisation_id",
            "procedure_id",
            "round",
            name=op.f("uq_draws_organisation_id_procedure_id_round"),
        ),
    )
    op.create_index(op.f("ix_draws_organisation_id"), "draws", ["organisation_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity", sa.String(length=120), nullable=False),
        sa.Column("effect", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_outbox_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("entity", "effect", name=op.f("uq_outbox_entity_effect")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["available_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_outbox_organisation_id"), "outbox", ["organisation_id"], unique=False)
    op.create_table(
        "procedure_versions",
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("compiled", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_procedure_versions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "digest", name=op.f("pk_procedure_versions")),
    )
    op.create_index(
        op.f("ix_procedure_versions_procedure_id"), "procedure_versions", ["procedure_id"], unique=False
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_publications_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(
        "ix_publications_current",
        "publications",
        ["organisation_id", "procedure_id", "effective_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publications_organisation_id"), "publications", ["organisation_id"], unique=False
    )
    op.create_table(
        "signing_codes",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_signing_codes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_signing_codes")),
    )
    op.create_index(
        op.f("ix_signing_codes_organisation_id"), "signing_codes", ["organisation_id"], unique=False
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("case_key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("assignee_id", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("answers_version", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["clerks.id"], name=op.f("fk_applications_assignee_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_applications_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("reference", name=op.f("uq_applications_reference")),
    )
    op.create_index(
        "ix_applications_closed",
        "applications",
        ["organisation_id", "desk", "decided_at"],
        unique=False,
        sqlite_where=sa.text("outcome IS NOT NULL"),
        postgresql_where=sa.text("outcome IS NOT NULL"),
    )
    op.create_index(
        "ix_applications_due",
        "applications",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_index(
        "ix_applications_mine",
        "applications",
        ["assignee_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_index(
        op.f("ix_applications_organisation_id"), "applications", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_applications_queue",
        "applications",
        ["organisation_id", "desk", "outcome", "due_at"],
        unique=False,
    )
    op.create_table(
        "draw_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_id", sa.String(length=124), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_events_draw_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draw_events_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_events")),
    )
    op.create_index(op.f("ix_draw_events_draw_id"), "draw_events", ["draw_id"], unique=False)
    op.create_index(op.f("ix_draw_events_organisation_id"), "draw_events", ["organisation_id"], unique=False)
    op.create_table(
        "draw_promotions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_id", sa.String(length=124), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("vacated", sa.String(length=12), nullable=False),
        sa.Column("promoted", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_promotions_draw_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draw_promotions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_promotions")),
        sa.UniqueConstraint("draw_id", "promoted", name=op.f("uq_draw_promotions_draw_id_promoted")),
        sa.UniqueConstraint("draw_id", "vacated", name=op.f("uq_draw_promotions_draw_id_vacated")),
    )
    op.create_index(
        op.f("ix_draw_promotions_organisation_id"), "draw_promotions", ["organisation_id"], unique=False
    )
    op.create_table(
        "draw_witnesses",
        sa.Column("draw_id", sa.String(length=124), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("revealed", sa.String(length=64), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_witnesses_draw_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draw_witnesses_organisation_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "position", name=op.f("pk_draw_witnesses")),
    )
    op.create_index(
        op.f("ix_draw_witnesses_organisation_id"), "draw_witnesses", ["organisation_id"], unique=False
    )
    op.create_table(
        "duties",
        sa.Column("clerk_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerks.id"], name=op.f("fk_duties_clerk_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clerk_id", "role", "desk", name=op.f("pk_duties")),
    )
    op.create_table(
        "access_codes",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_access_codes_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_access_codes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_access_codes")),
    )
    op.create_index(
        op.f("ix_access_codes_organisation_id"), "access_codes", ["organisation_id"], unique=False
    )
    op.create_table(
        "answers",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_answers_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_answers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "version", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_organisation_id"), "answers", ["organisation_id"], unique=False)
    op.create_table(
        "checkouts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_checkouts_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_checkouts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkouts")),
        sa.UniqueConstraint("application_id", "attempt", name=op.f("uq_checkouts_application_id_attempt")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_checkouts_idempotency_key")),
    )
    op.create_index(op.f("ix_checkouts_organisation_id"), "checkouts", ["organisation_id"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("return_to", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before_version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_corrections_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_corrections_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_application_id"), "corrections", ["application_id"], unique=False)
    op.create_index(op.f("ix_corrections_organisation_id"), "corrections", ["organisation_id"], unique=False)
    op.create_table(
        "draw_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_id", sa.String(length=124), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("household", sa.LargeBinary(length=32), nullable=True),
        sa.Column("duplicate_of", sa.String(length=12), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_draw_entries_application_id")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_entries_draw_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draw_entries_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_entries")),
        sa.UniqueConstraint("draw_id", "application_id", name=op.f("uq_draw_entries_draw_id_application_id")),
        sa.UniqueConstraint("draw_id", "household", name=op.f("uq_draw_entries_draw_id_household")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_draw_entries_draw_id_number")),
    )
    op.create_index(op.f("ix_draw_entries_application_id"), "draw_entries", ["application_id"], unique=False)
    op.create_index(
        op.f("ix_draw_entries_organisation_id"), "draw_entries", ["organisation_id"], unique=False
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_events_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_events_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("application_id", "sequence", name=op.f("uq_events_application_id_sequence")),
    )
    op.create_index(op.f("ix_events_organisation_id"), "events", ["organisation_id"], unique=False)
    op.create_table(
        "issued_documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=60), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_issued_documents_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_issued_documents_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_documents")),
        sa.UniqueConstraint(
            "application_id",
            "document_id",
            "occasion",
            name=op.f("uq_issued_documents_application_id_document_id_occasion"),
        ),
        sa.UniqueConstraint("code", name=op.f("uq_issued_documents_code")),
    )
    op.create_index(
        op.f("ix_issued_documents_application_id"), "issued_documents", ["application_id"], unique=False
    )
    op.create_index(
        op.f("ix_issued_documents_organisation_id"), "issued_documents", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_issued_documents_sha256"), "issued_documents", ["sha256"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.Column("moment", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_ratings_score")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_ratings_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ratings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("application_id", "moment", name=op.f("uq_ratings_application_id_moment")),
    )
    op.create_index(op.f("ix_ratings_organisation_id"), "ratings", ["organisation_id"], unique=False)
    op.create_index(
        "ix_ratings_summary", "ratings", ["organisation_id", "procedure_id", "moment", "score"], unique=False
    )
    op.create_table(
        "signatures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_signatures_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_signatures_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
    )
    op.create_index(op.f("ix_signatures_application_id"), "signatures", ["application_id"], unique=False)
    op.create_index(op.f("ix_signatures_draft_id"), "signatures", ["draft_id"], unique=False)
    op.create_index(op.f("ix_signatures_organisation_id"), "signatures", ["organisation_id"], unique=False)
    op.create_table(
        "uploaded_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("attachment", sa.String(length=60), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_uploaded_files_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_uploaded_files_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploaded_files")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_uploaded_files_storage_key")),
    )
    op.create_index(
        op.f("ix_uploaded_files_application_id"), "uploaded_files", ["application_id"], unique=False
    )
    op.create_index(op.f("ix_uploaded_files_draft_id"), "uploaded_files", ["draft_id"], unique=False)
    op.create_index(
        op.f("ix_uploaded_files_organisation_id"), "uploaded_files", ["organisation_id"], unique=False
    )
    op.create_table(
        "draw_placements",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_id", sa.String(length=124), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("via", sa.String(length=60), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_placements_draw_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["draw_entries.id"], name=op.f("fk_draw_placements_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draw_placements_organisation_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_draw_placements")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_draw_placements_draw_id_number")),
    )
    op.create_index(
        "ix_draw_placements_listed", "draw_placements", ["draw_id", "unit", "result", "rank"], unique=False
    )
    op.create_index(
        op.f("ix_draw_placements_organisation_id"), "draw_placements", ["organisation_id"], unique=False
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("checkout_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("object_id", sa.String(length=255), nullable=True),
        sa.Column("payment", sa.String(length=255), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_ledger_entries_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["checkout_id"], ["checkouts.id"], name=op.f("fk_ledger_entries_checkout_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ledger_entries_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_ledger_entries_provider_event_id")),
        sa.UniqueConstraint(
            "provider", "object_id", "kind", name=op.f("uq_ledger_entries_provider_object_id_kind")
        ),
    )
    op.create_index(
        op.f("ix_ledger_entries_application_id"), "ledger_entries", ["application_id"], unique=False
    )
    op.create_index(
        op.f("ix_ledger_entries_organisation_id"), "ledger_entries", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_ledger_entries_payment"), "ledger_entries", ["payment"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ledger_entries_payment"), table_name="ledger_entries")
    op.drop_index(op.f("ix_ledger_entries_organisation_id"), table_name="ledger_entries")
    op.drop_index(op.f("ix_ledger_entries_application_id"), table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index(op.f("ix_draw_placements_organisation_id"), table_name="draw_placements")
    op.drop_index("ix_draw_placements_listed", table_name="draw_placements")
    op.drop_table("draw_placements")
    op.drop_index(op.f("ix_uploaded_files_organisation_id"), table_name="uploaded_files")
    op.drop_index(op.f("ix_uploaded_files_draft_id"), table_name="uploaded_files")
    op.drop_index(op.f("ix_uploaded_files_application_id"), table_name="uploaded_files")
    op.drop_table("uploaded_files")
    op.drop_index(op.f("ix_signatures_organisation_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_draft_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_application_id"), table_name="signatures")
    op.drop_table("signatures")
    op.drop_index("ix_ratings_summary", table_name="ratings")
    op.drop_index(op.f("ix_ratings_organisation_id"), table_name="ratings")
    op.drop_table("ratings")
    op.drop_index(op.f("ix_issued_documents_sha256"), table_name="issued_documents")
    op.drop_index(op.f("ix_issued_documents_organisation_id"), table_name="issued_documents")
    op.drop_index(op.f("ix_issued_documents_application_id"), table_name="issued_documents")
    op.drop_table("issued_documents")
    op.drop_index(op.f("ix_events_organisation_id"), table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_draw_entries_organisation_id"), table_name="draw_entries")
    op.drop_index(op.f("ix_draw_entries_application_id"), table_name="draw_entries")
    op.drop_table("draw_entries")
    op.drop_index(op.f("ix_corrections_organisation_id"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_application_id"), table_name="corrections")
    op.drop_table("corrections")
    op.drop_index(op.f("ix_checkouts_organisation_id"), table_name="checkouts")
    op.drop_table("checkouts")
    op.drop_index(op.f("ix_answers_organisation_id"), table_name="answers")
    op.drop_table("answers")
    op.drop_index(op.f("ix_access_codes_organisation_id"), table_name="access_codes")
    op.drop_table("access_codes")
    op.drop_table("duties")
    op.drop_index(op.f("ix_draw_witnesses_organisation_id"), table_name="draw_witnesses")
    op.drop_table("draw_witnesses")
    op.drop_index(op.f("ix_draw_promotions_organisation_id"), table_name="draw_promotions")
    op.drop_table("draw_promotions")
    op.drop_index(op.f("ix_draw_events_organisation_id"), table_name="draw_events")
    op.drop_index(op.f("ix_draw_events_draw_id"), table_name="draw_events")
    op.drop_table("draw_events")
    op.drop_index("ix_applications_queue", table_name="applications")
    op.drop_index(op.f("ix_applications_organisation_id"), table_name="applications")
    op.drop_index(
        "ix_applications_mine",
        table_name="applications",
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.drop_index(
        "ix_applications_due",
        table_name="applications",
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.drop_index(
        "ix_applications_closed",
        table_name="applications",
        sqlite_where=sa.text("outcome IS NOT NULL"),
        postgresql_where=sa.text("outcome IS NOT NULL"),
    )
    op.drop_table("applications")
    op.drop_index(op.f("ix_signing_codes_organisation_id"), table_name="signing_codes")
    op.drop_table("signing_codes")
    op.drop_index(op.f("ix_publications_organisation_id"), table_name="publications")
    op.drop_index("ix_publications_current", table_name="publications")
    op.drop_table("publications")
    op.drop_index(op.f("ix_procedure_versions_procedure_id"), table_name="procedure_versions")
    op.drop_table("procedure_versions")
    op.drop_index(op.f("ix_outbox_organisation_id"), table_name="outbox")
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_index(op.f("ix_draws_organisation_id"), table_name="draws")
    op.drop_table("draws")
    op.drop_index(op.f("ix_drafts_organisation_id"), table_name="drafts")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_clerks_organisation_id"), table_name="clerks")
    op.drop_table("clerks")
    op.drop_index(op.f("ix_audit_log_entity"), table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_table("audit_heads")
    op.drop_table("organisations")
