using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class Passes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "payments",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "order");

            migrationBuilder.CreateTable(
                name: "lot_groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    lot_ids = table.Column<List<Guid>>(type: "uuid[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lot_groups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pass_products",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    scope = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: true),
                    lot_ids = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    binding = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    term = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    natural = table.Column<bool>(type: "boolean", nullable: false),
                    max_terms = table.Column<int>(type: "integer", nullable: false),
                    max_plates = table.Column<int>(type: "integer", nullable: false),
                    places = table.Column<int>(type: "integer", nullable: false),
                    vehicles = table.Column<int[]>(type: "integer[]", nullable: false),
                    plate_group_ids = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    on_line = table.Column<bool>(type: "boolean", nullable: false),
                    off_line = table.Column<bool>(type: "boolean", nullable: false),
                    reviewed = table.Column<bool>(type: "boolean", nullable: false),
                    sale_from = table.Column<DateOnly>(type: "date", nullable: true),
                    sale_until = table.Column<DateOnly>(type: "date", nullable: true),
                    max_days_ahead = table.Column<int>(type: "integer", nullable: false),
                    offer_terms = table.Column<int>(type: "integer", nullable: true),
                    offer_percent = table.Column<int>(type: "integer", nullable: false),
                    offer_days = table.Column<int>(type: "integer", nullable: false),
                    grace_days = table.Column<int>(type: "integer", nullable: false),
                    withdrawn_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    changed_by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    price_fen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pass_products", x => x.id);
                    table.ForeignKey(
                        name: "fk_pass_products_lot_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "lot_groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "passes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:IdentitySequenceOptions", "'100001', '1', '', '', 'False', '1'")
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    holder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    phone = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    berth_id = table.Column<Guid>(type: "uuid", nullable: true),
                    vehicle = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    places = table.Column<int>(type: "integer", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    sold_by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    on_line = table.Column<bool>(type: "boolean", nullable: false),
                    auto_renew = table.Column<bool>(type: "boolean", nullable: false),
                    batch_id = table.Column<Guid>(type: "uuid", nullable: true),
                    before = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    service_by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    refund_fen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passes", x => x.id);
                    table.ForeignKey(
                        name: "fk_passes_berths_berth_id",
                        column: x => x.berth_id,
                        principalTable: "berths",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_passes_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_passes_pass_products_product_id",
                        column: x => x.product_id,
                        principalTable: "pass_products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pass_operations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pass_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    amount_fen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pass_operations", x => x.id);
                    table.ForeignKey(
                        name: "fk_pass_operations_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_pass_operations_passes_pass_id",
                        column: x => x.pass_id,
                        principalTable: "passes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pass_pauses",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pass_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pass_pauses", x => x.id);
                    table.ForeignKey(
                        name: "fk_pass_pauses_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_pass_pauses_passes_pass_id",
                        column: x => x.pass_id,
                        principalTable: "passes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pass_periods",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pass_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    terms = table.Column<int>(type: "integer", nullable: false),
                    days = table.Column<int>(type: "integer", nullable: false),
                    renewal = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    discount_fen = table.Column<long>(type: "bigint", nullable: false),
                    list_price_fen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pass_periods", x => x.id);
                    table.ForeignKey(
                        name: "fk_pass_periods_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_pass_periods_passes_pass_id",
                        column: x => x.pass_id,
                        principalTable: "passes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pass_plates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pass_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plate = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    berth_id = table.Column<Guid>(type: "uuid", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pass_plates", x => x.id);
                    table.ForeignKey(
                        name: "fk_pass_plates_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_pass_plates_passes_pass_id",
                        column: x => x.pass_id,
                        principalTable: "passes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_lot_groups_name",
                table: "lot_groups",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pass_operations_lot_id",
                table: "pass_operations",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_operations_pass_id_at",
                table: "pass_operations",
                columns: new[] { "pass_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_pass_pauses_lot_id",
                table: "pass_pauses",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_pauses_open",
                table: "pass_pauses",
                column: "pass_id",
                unique: true,
                filter: "until IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pass_pauses_pass_id",
                table: "pass_pauses",
                column: "pass_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_periods_lot_id",
                table: "pass_periods",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_periods_open",
                table: "pass_periods",
                column: "pass_id",
                unique: true,
                filter: "state = 'Open'");

            migrationBuilder.CreateIndex(
                name: "ix_pass_periods_pass_id",
                table: "pass_periods",
                column: "pass_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_plates_berth_id",
                table: "pass_plates",
                column: "berth_id",
                filter: "berth_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pass_plates_lot_id",
                table: "pass_plates",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_plates_pass_id",
                table: "pass_plates",
                column: "pass_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_plates_plate",
                table: "pass_plates",
                column: "plate",
                filter: "plate IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pass_products_group_id",
                table: "pass_products",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_pass_products_name",
                table: "pass_products",
                column: "name",
                unique: true,
                filter: "withdrawn_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_passes_batch_id",
                table: "passes",
                column: "batch_id",
                filter: "batch_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_passes_berth_id",
                table: "passes",
                column: "berth_id");

            migrationBuilder.CreateIndex(
                name: "ix_passes_lot_id",
                table: "passes",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_passes_number",
                table: "passes",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_passes_product_id",
                table: "passes",
                column: "product_id");

            migrationBuilder.CreateIndex(
                name: "ix_passes_state_until",
                table: "passes",
                columns: new[] { "state", "until" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "pass_operations");

            migrationBuilder.DropTable(
                name: "pass_pauses");

            migrationBuilder.DropTable(
                name: "pass_periods");

            migrationBuilder.DropTable(
                name: "pass_plates");

            migrationBuilder.DropTable(
                name: "passes");

            migrationBuilder.DropTable(
                name: "pass_products");

            migrationBuilder.DropTable(
                name: "lot_groups");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "payments");
        }
    }
}
